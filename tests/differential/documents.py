"""Documents, as databases that can't run here read them, said in DuckDB's functions.

sqlglot passes most functions on by name, or writes something for them that looks elsewhere in a document. Each has a macro
here that does what its documentation says, and nothing more: what is of another kind is NULL.
"""

from __future__ import annotations

from sqlglot import exp

_KEYS = """
    CASE json_type(document)
        WHEN 'ARRAY' THEN [{'key': CAST(i AS VARCHAR), 'item': at_item(document, i)} FOR i IN range(CAST(json_array_length(document) AS BIGINT))]
        WHEN 'OBJECT' THEN [{'key': k, 'item': at_key(document, k)} FOR k IN json_keys(document)]
    END"""

_OPENED = """
    SELECT found.key AS key,
        CASE json_type(found.item) WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN json_extract_string(found.item, '$')
            ELSE CAST(found.item AS VARCHAR) END AS value,
        CASE json_type(found.item) WHEN 'NULL' THEN 0 WHEN 'VARCHAR' THEN 1 WHEN 'BOOLEAN' THEN 3 WHEN 'ARRAY' THEN 4
            WHEN 'OBJECT' THEN 5 ELSE 2 END AS type
    FROM (SELECT unnest(opened(given)) AS found FROM (SELECT document AS given))"""


def _kinds(name: str, null: str, text: str, boolean: str, number: str, whole: str, array: str, thing: str) -> str:
    return f"""CREATE MACRO {name}(value) AS CASE json_type(value) WHEN 'NULL' THEN '{null}' WHEN 'VARCHAR' THEN '{text}'
        WHEN 'BOOLEAN' THEN '{boolean}' WHEN 'DOUBLE' THEN '{number}' WHEN 'ARRAY' THEN '{array}'
        WHEN 'OBJECT' THEN '{thing}' ELSE CASE WHEN value IS NOT NULL THEN '{whole}' END END"""


#: Functions that read documents.
DOCUMENTS = [
    "CREATE MACRO at_key(value, k) AS CASE WHEN json_type(value) = 'OBJECT' THEN"
    " json_extract(value, '/' || replace(replace(k, '~', '~0'), '/', '~1')) END",
    "CREATE MACRO at_item(value, i) AS CASE WHEN json_type(value) = 'ARRAY' THEN json_extract(value, '$[' || i || ']') END",
    "CREATE MACRO text_of(value) AS CASE WHEN json_type(value) = 'VARCHAR' THEN json_extract_string(value, '$') END",
    "CREATE MACRO items_of(value) AS CASE WHEN json_type(value) = 'ARRAY' THEN json_extract(value, '$[*]') END",
    "CREATE MACRO truth_of(value) AS CASE WHEN json_type(value) = 'BOOLEAN' THEN CAST(value AS BOOLEAN) END",
    # BigQuery and Redshift, Snowflake.
    _kinds("kind_of", "null", "string", "boolean", "number", "number", "array", "object"),
    _kinds("variant_type", "NULL_VALUE", "VARCHAR", "BOOLEAN", "DECIMAL", "INTEGER", "ARRAY", "OBJECT"),
    "CREATE MACRO float_of(value) AS CASE WHEN kind_of(value) = 'number' THEN CAST(value AS DOUBLE) END",
    # SQL Server: texts. Its table function has a name for each place where it stands, as macros can't be nested.
    "CREATE MACRO isjson(document) AS CASE WHEN document IS NOT NULL THEN CASE WHEN json_valid(document)"
    " THEN CAST(json_type(document) IN ('ARRAY', 'OBJECT') AS INT) ELSE 0 END END",
    f"CREATE MACRO opened(document) AS {_KEYS}",
    *(f"CREATE MACRO openjson_{alias}(document) AS TABLE {_OPENED}" for alias in "pj"),
]

#: Functions that are only named differently, by the name or the class that sqlglot has for them.
_NAMES = {
    "JSON_TYPEOF": "kind_of", "JSONType": "kind_of", "Typeof": "variant_type",
    "LaxString": "text_of", "AS_VARCHAR": "text_of", "LaxBool": "truth_of", "AS_BOOLEAN": "truth_of",
    "LaxFloat64": "float_of", "JSONExtractArray": "items_of", "AS_ARRAY": "items_of",
}


def document(node: exp.Expression, dialect: str) -> exp.Expression:
    """What reads documents, by the macros above."""

    def inside(node: exp.Expression) -> exp.Expression:
        """What is said anew in place of its parent is not visited again."""
        return node.transform(lambda node: document(node, dialect))

    def step(value: exp.Expression, where: exp.Expression) -> exp.Expression:
        number = isinstance(where, exp.Literal) and not where.is_string
        return _call("at_item" if number else "at_key", inside(value), where)

    if dialect == "trino":
        return node
    if dialect == "sqlserver":
        if isinstance(node, exp.Table) and isinstance(node.this, exp.OpenJSON):
            path = node.this.args.get("path")
            text = inside(node.this.this)
            text = _call("json_extract", text, exp.Literal.string(path.name)) if path else text
            return exp.Table(this=_call(f"openjson_{node.alias}", text), alias=node.args["alias"])
        return node
    name = node.name.upper() if isinstance(node, exp.Anonymous) else type(node).__name__
    if name in _NAMES:
        return _call(_NAMES[name], inside(node.expressions[0] if isinstance(node, exp.Anonymous) else node.this))
    if isinstance(node, exp.GetExtract):
        return step(node.this, node.expression)
    if isinstance(node, exp.Bracket):
        return step(node.this, node.expressions[0])
    if dialect != "redshift":
        return node
    # Names after that of a column lead into its document.
    if isinstance(node, exp.Dot):
        return step(node.this, exp.Literal.string(node.expression.name))
    if isinstance(node, exp.Column) and len(node.parts) > 2:
        table, column, *keys = node.parts
        found: exp.Expression = exp.Column(this=column.copy(), table=table.copy())
        for key in keys:
            found = _call("at_key", found, exp.Literal.string(key.name))
        return found
    if isinstance(node, exp.Cast) and node.to.sql() == "VARCHAR(65535)":
        return _call("text_of", inside(node.this))
    return node


def _call(name: str, *parts: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(parts))

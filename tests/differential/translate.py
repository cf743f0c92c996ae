"""Statements of databases that can't run here, read by sqlglot and translated to DuckDB.

sqlglot reads every statement as its own dialect. What it then writes for DuckDB is right for nearly everything; where it
is not, the reason stands here beside what is done about it. The statements themselves are never touched.
"""

from __future__ import annotations

import duckdb
import sqlglot
from documents import DOCUMENTS, document
from population import TABLES, Data, arrow
from sqlglot import exp

#: Our names of the dialects that only sqlglot can read here, and its own.
DIALECTS = {
    "bigquery": "bigquery", "snowflake": "snowflake", "redshift": "redshift", "trino": "trino", "sqlserver": "tsql",
}

#: Functions that sqlglot passes on by name and DuckDB does not have.
MACROS = [
    "CREATE MACRO from_base(digits, base) AS CAST('0x' || digits AS BIGINT)",  # Trino; used with 16 only
    # Redshift: of lists, and of documents, which are texts here.
    "CREATE MACRO get_array_length(list) AS json_array_length("
    "CASE WHEN typeof(list) IN ('VARCHAR', 'JSON') THEN CAST(list AS JSON) ELSE to_json(list) END)",
    "CREATE MACRO datalength(text) AS strlen(text)",  # SQL Server
    *DOCUMENTS,
]


def database(dialect: str, data: Data) -> duckdb.DuckDBPyConnection:
    """The rows, as the dialect stores them."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    for name, rows in data.items():
        connection.register("incoming", arrow(name, rows))
        replaced = []
        for column, ty in TABLES[name].columns.items() if dialect == "sqlserver" else ():
            # SQL Server has no lists, they are JSON in texts; and its floats have no NaN.
            if "<" in ty:
                replaced.append(f'CAST(to_json("{column}") AS VARCHAR) AS "{column}"')
            elif ty == "float":
                replaced.append(f'CASE WHEN NOT isnan("{column}") THEN "{column}" END AS "{column}"')
        columns = f"* REPLACE ({', '.join(replaced)})" if replaced else "*"
        connection.execute(f'CREATE TABLE "{name}" AS SELECT {columns} FROM incoming')
        connection.unregister("incoming")
    for macro in MACROS:
        connection.execute(macro)
    return connection


def translate(sql: str, dialect: str) -> str:
    """The statement for DuckDB; an error where sqlglot can't read it."""
    tree = sqlglot.parse_one(sql, dialect=DIALECTS[dialect])
    return tree.transform(lambda node: document(node, dialect)).transform(_mended).sql(dialect="duckdb", unsupported_level=sqlglot.ErrorLevel.IGNORE)


def _mended(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Collate) or (isinstance(node, exp.Cast) and node.to.this in _TRANSPARENT):
        # DuckDB's texts compare by their bytes anyway, and its values need not be VARIANT to be looked for.
        return _inside(node.this)
    if isinstance(node, exp.DataType) and node.expressions and node.this in _TEXTS:
        # Its texts take no length: `VARCHAR(MAX)`.
        return exp.DataType(this=node.this)
    if isinstance(node, exp.Anonymous) and node.name.upper() == "OCTET_LENGTH":
        return exp.Anonymous(this="strlen", expressions=[_inside(node.expressions[0])])
    if isinstance(node, exp.ArrayOverlaps):
        # sqlglot writes an OR for it without parentheses: beside AND it would mean something else.
        return exp.paren(exp.Anonymous(this="list_has_any", expressions=[_inside(node.this), _inside(node.expression)]))
    if isinstance(node, exp.ToNumber):
        # Snowflake's TO_NUMBER with a format; used with hexadecimal digits only.
        return exp.cast(exp.DPipe(this=exp.Literal.string("0x"), expression=_inside(node.this)), "BIGINT")
    if isinstance(node, exp.Substring) and isinstance(node.this, exp.MD5) and node.args["length"].name == "4":
        # SQL Server's HASHBYTES gives bytes, of which four make a number; DuckDB's md5 gives their digits.
        digits = exp.Substring(this=_inside(node.this), start=exp.Literal.number(1), length=exp.Literal.number(8))
        return exp.DPipe(this=exp.Literal.string("0x"), expression=digits)
    if isinstance(node, exp.Anonymous) and node.name.lower() == "any_match":
        return _any_match(*map(_inside, node.expressions))
    if isinstance(node, exp.Literal) and node.is_string and node.this.startswith("(?iu)"):
        # Trino's flag for all letters; DuckDB's `i` means all of them already.
        return exp.Literal.string("(?i)" + node.this[5:])
    return node


def _inside(node: exp.Expression) -> exp.Expression:
    """What is mended in place of its parent is not visited again."""
    return node.transform(_mended)


_TEXTS = {exp.DataType.Type.VARCHAR, exp.DataType.Type.NVARCHAR}
_TRANSPARENT = {exp.DataType.Type.VARBINARY, exp.DataType.Type.BINARY, exp.DataType.Type.VARIANT}


def _any_match(items: exp.Expression, test: exp.Expression) -> exp.Expression:
    """Trino's any_match: DuckDB has the parts of it. No item passes in an empty list; of no list nothing is known."""
    found = exp.Anonymous(this="len", expressions=[exp.Anonymous(this="list_filter", expressions=[items, test])])
    return exp.GT(this=found, expression=exp.Literal.number(0))


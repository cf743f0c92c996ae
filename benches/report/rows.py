"""What stands in the tables: names for people, and which of our benches a peer's is set beside."""

OURS = {
    "cvm/read/json": "JSON → filter",
    "cvm/read/check": "check against the catalog",
    "cvm/read/json_and_check": "**JSON → filter → checked**",
    "cvm/read/text": "text form → filter",
    "cvm/read/bind": "check and resolve (`bind`)",
    "cvm/read/optimize": "**optimise**",
    "cvm/read/optimize_again": "optimise what is optimised already",
    "cvm/sql_parameters/postgresql": "**filter → SQL**, PostgreSQL, parameters",
    "cvm/sql_literals/postgresql": "**filter → SQL**, PostgreSQL, literals",
    "cvm/json_to_sql/postgresql": "JSON → SQL, PostgreSQL, parameters",
    "cvm/evaluate/one_row": "evaluate one customer (reference evaluator)",
}

# The bars, in nanoseconds.
BARS = {
    "cvm/read/json_and_check": 50_000,
    "cvm/read/optimize": 50_000,
    "cvm/sql_parameters/postgresql": 50_000,
    "cvm/sql_literals/postgresql": 50_000,
}

PEERS = {
    "rqb/sql": ("react-querybuilder, `formatQuery` to `sql`", "cvm/sql_literals/postgresql"),
    "rqb/parameterized": ("react-querybuilder, `formatQuery` to `parameterized`", "cvm/sql_parameters/postgresql"),
    "rqb/parse": ("`JSON.parse` of its query: no checks at all", "cvm/read/json_and_check"),
    "rqb/parse_and_parameterized": ("`JSON.parse`, then `formatQuery` to `parameterized`", "cvm/json_to_sql/postgresql"),
    "sqlglot/parse": ("sqlglot, parse the SQL", "cvm/read/text"),
    "sqlglot/generate": ("sqlglot, tree → SQL", "cvm/sql_literals/postgresql"),
    "sqlglot/parse_and_generate": ("sqlglot, SQL → SQL, PostgreSQL", "cvm/json_to_sql/postgresql"),
    "sqlglot/transpile": ("sqlglot, SQL → SQL, PostgreSQL to DuckDB", "cvm/json_to_sql/postgresql"),
    "sqlglot_c/parse": ("sqlglot compiled, parse the SQL", "cvm/read/text"),
    "sqlglot_c/generate": ("sqlglot compiled, tree → SQL", "cvm/sql_literals/postgresql"),
    "sqlglot_c/parse_and_generate": ("sqlglot compiled, SQL → SQL, PostgreSQL", "cvm/json_to_sql/postgresql"),
    "sqlglot_c/transpile": ("sqlglot compiled, SQL → SQL, PostgreSQL to DuckDB", "cvm/json_to_sql/postgresql"),
}

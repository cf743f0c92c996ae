"""sqlglot on the statement that CVM makes of the filter. Prints one JSON object: nanoseconds per call, by name."""

import json
import sys
from pathlib import Path

import sqlglot
from timing import per_call


def main() -> None:
    statement, name = Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2]
    tree = sqlglot.parse_one(statement, read="postgres")
    times = {
        "parse": per_call(lambda: sqlglot.parse_one(statement, read="postgres")),
        "generate": per_call(lambda: tree.sql("postgres")),
        "parse_and_generate": per_call(lambda: sqlglot.transpile(statement, read="postgres", write="postgres")),
        "transpile": per_call(lambda: sqlglot.transpile(statement, read="postgres", write="duckdb")),
    }
    print(json.dumps({f"{name}/{what}": time for what, time in times.items()}))


main()

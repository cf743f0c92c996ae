"""PostgreSQL: timestamptz, arrays, jsonb; a collation that does not sort by code point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from population import TABLES, Data

from .base import Database, columns, index
from .server import Server, binary


class PostgreSql(Database):
    """A server of its own."""

    name = dialect = "postgresql"
    _kinds = {
        "int": "bigint", "float": "double precision", "bool": "boolean", "decimal(12,2)": "numeric(12,2)",
        "date": "date", "timestamp": "timestamptz", "list<string>": "text[]", "list<int>": "bigint[]",
        "string": 'text COLLATE "en-x-icu"', "json": "jsonb",
    }

    def __init__(self) -> None:
        import psycopg

        where = "/usr/lib/postgresql/*/bin"
        initdb, postgres = binary("initdb", where), binary("postgres", where)
        if not initdb or not postgres:
            raise FileNotFoundError("PostgreSQL's initdb and postgres are not installed: apt-get install postgresql")
        self.server = server = Server("postgres", "cvm-pg-")
        data = f"{server.folder}/data"
        server.run(
            [initdb, "-D", data, "-U", "cvm", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        )
        settings = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        server.start([postgres, "-D", data, "-p", str(server.port), "-k", server.folder, *settings])
        self.connection = server.connect(
            lambda: psycopg.connect(host="127.0.0.1", port=server.port, user="cvm", dbname="postgres", autocommit=True)
        )
        # Compiling a statement takes longer than running it on some hundred rows.
        self.connection.execute("SET jit = off")
        self.connection.execute("SET TIME ZONE 'America/New_York'")

    def load(self, data: Data) -> None:
        for table, rows in data.items():
            names = list(TABLES[table].columns)
            self.connection.execute(f'DROP TABLE IF EXISTS "{table}"')
            self.connection.execute(f'CREATE TABLE "{table}" ({columns(table, self._kinds)})')
            with self.connection.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                for row in rows:
                    copy.write_row([row[name] for name in names])
            for statement in [*index(table), f'ANALYZE "{table}"']:
                self.connection.execute(statement)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        import psycopg

        with psycopg.RawCursor(self.connection) as cursor:
            return cursor.execute(sql, list(params) or None).fetchall()

    def execute(self, sql: str) -> None:
        self.connection.execute(sql)

    def close(self) -> None:
        self.connection.close()
        self.server.stop()

"""MariaDB: UTC without zone, lists as JSON; a collation that ignores case, accents and trailing spaces."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from population import TABLES, Data

from .base import Database, as_json, civil, columns, index, no_nan
from .server import Server, binary


class MariaDb(Database):
    """A server of its own."""

    name, dialect = "mariadb", "mysql"
    _kinds = {
        "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN", "decimal(12,2)": "DECIMAL(12,2)", "date": "DATE",
        "timestamp": "DATETIME(6)", "list<string>": "JSON", "list<int>": "JSON", "string": "TEXT", "json": "JSON",
    }

    def __init__(self) -> None:
        import pymysql

        install, mariadbd = binary("mariadb-install-db"), binary("mariadbd", "/usr/sbin")
        if not install or not mariadbd:
            raise FileNotFoundError("MariaDB's server is not installed: apt-get install mariadb-server")
        self.server = server = Server("mysql", "cvm-maria-")
        data = f"--datadir={server.folder}/data"
        server.run([install, "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"])
        server.start(
            [mariadbd, "--no-defaults", data, f"--port={server.port}", "--bind-address=127.0.0.1",
             f"--socket={server.folder}/s", f"--pid-file={server.folder}/pid", "--default-time-zone=+00:00"]
        )
        self.connection = server.connect(
            lambda: pymysql.connect(
                host="127.0.0.1", port=server.port, user="root", charset="utf8mb4", autocommit=True
            )
        )
        with self.connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE cvm CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
            cursor.execute("USE cvm")

    def load(self, data: Data) -> None:
        with self.connection.cursor() as cursor:
            for table, rows in data.items():
                names = list(TABLES[table].columns)
                cursor.execute(f"DROP TABLE IF EXISTS `{table}`")
                cursor.execute(f"CREATE TABLE `{table}` ({columns(table, self._kinds, '`')})")
                marks = ", ".join(["%s"] * len(names))
                values = [[self._value(row[name]) for name in names] for row in rows]
                cursor.executemany(f"INSERT INTO `{table}` VALUES ({marks})", values)
                for statement in index(table, "`"):
                    cursor.execute(statement)

    @staticmethod
    def _value(value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return civil(value)
        if isinstance(value, list):
            return as_json(value)
        return no_nan(value)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        # The driver formats with %s: our text has ? for parameters, and may have % in literals. A prepared statement
        # takes it as it is.
        with self.connection.cursor() as cursor:
            if not params:
                cursor.execute(sql)
                return list(cursor.fetchall())
            cursor.execute("PREPARE p FROM %s", (sql,))
            for i, value in enumerate(params):
                cursor.execute(f"SET @p{i} = %s", (self._value(value),))
            cursor.execute("EXECUTE p USING " + ", ".join(f"@p{i}" for i in range(len(params))))
            return list(cursor.fetchall())

    def close(self) -> None:
        self.connection.close()
        self.server.stop()

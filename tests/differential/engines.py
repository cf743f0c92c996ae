"""Real databases behind one small interface: put the customers in, run a statement, get keys out."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from population import TYPES, Row

COLUMNS = list(TYPES)


class Database(Protocol):
    """A database that speaks one of our dialects."""

    name: str
    dialect: str

    def load(self, data: list[Row]) -> None:
        """Puts the customers into a fresh table."""

    def keys(self, sql: str, params: list[Any]) -> list[int]:
        """Runs a statement with one column."""

    def close(self) -> None:
        """Stops what was started."""


def _no_nan(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


class Sqlite:
    """Decimals are numbers, times are texts, lists are JSON."""

    name = dialect = "sqlite"

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")

    def load(self, data: list[Row]) -> None:
        kinds = {"int": "INTEGER", "float": "REAL", "bool": "INTEGER", "decimal(12,2)": "NUMERIC"}
        columns = ", ".join(f'"{name}" {kinds.get(ty, "TEXT")}' for name, ty in TYPES.items())
        self.connection.execute("DROP TABLE IF EXISTS customers")
        self.connection.execute(f"CREATE TABLE customers ({columns})")
        marks = ", ".join("?" * len(COLUMNS))
        self.connection.executemany(
            f"INSERT INTO customers VALUES ({marks})", [[self._value(row[c]) for c in COLUMNS] for row in data]
        )

    @staticmethod
    def _value(value: Any) -> Any:
        if isinstance(value, Decimal):
            return float(value)
        if isinstance(value, dt.datetime):
            return value.strftime("%Y-%m-%d %H:%M:%S.%f")
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, list):
            return json.dumps(value, ensure_ascii=False)
        return value

    def keys(self, sql: str, params: list[Any]) -> list[int]:
        return [row[0] for row in self.connection.execute(sql, params)]

    def close(self) -> None:
        self.connection.close()


class DuckDb:
    """Loaded through Arrow; `naive` keeps instants in columns without a zone."""

    dialect = "duckdb"

    def __init__(self, *, naive: bool) -> None:
        import duckdb

        self.name = "duckdb (timestamps without zone)" if naive else "duckdb"
        self.naive = naive
        self.connection = duckdb.connect()
        # A zone far from UTC: what depends on the session's zone shows.
        self.connection.execute("SET TimeZone = 'America/New_York'")

    def load(self, data: list[Row]) -> None:
        import population
        import pyarrow as pa

        table = population.table(data)
        if self.naive:
            naive = [f.with_type(pa.timestamp("us")) if pa.types.is_timestamp(f.type) else f for f in table.schema]
            table = table.cast(pa.schema(naive))
        self.connection.register("incoming", table)
        self.connection.execute("CREATE OR REPLACE TABLE customers AS SELECT * FROM incoming")
        self.connection.unregister("incoming")

    def keys(self, sql: str, params: list[Any]) -> list[int]:
        return [row[0] for row in self.connection.execute(sql, params or None).fetchall()]

    def close(self) -> None:
        self.connection.close()


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _as_user(user: str) -> dict[str, Any]:
    """Servers refuse to run as root."""
    import pwd

    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _binary(name: str) -> str | None:
    found = shutil.which(name)
    if found:
        return found
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    return None


class PostgreSql:
    """A server of its own in a temporary folder, with a collation that does not sort by code point."""

    name = dialect = "postgresql"

    def __init__(self) -> None:
        import psycopg

        initdb, server = _binary("initdb"), _binary("postgres")
        if not initdb or not server:
            raise FileNotFoundError("PostgreSQL's initdb and postgres are not installed: apt-get install postgresql")
        user = _as_user("postgres" if os.geteuid() == 0 else "")
        self.folder = tempfile.mkdtemp(prefix="cvm-pg-")
        if user:
            os.chown(self.folder, user["user"], user["group"])
        data = f"{self.folder}/data"
        subprocess.run(
            [initdb, "-D", data, "-U", "cvm", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **user,
        )
        port = _free_port()
        self.server = subprocess.Popen(
            [server, "-D", data, "-p", str(port), "-k", self.folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder, **user,
        )
        self.connection = _connect(lambda: psycopg.connect(host="127.0.0.1", port=port, user="cvm", dbname="postgres", autocommit=True))
        self.connection.execute("SET TIME ZONE 'America/New_York'")

    def load(self, data: list[Row]) -> None:
        kinds = {
            "int": "bigint", "float": "double precision", "bool": "boolean", "decimal(12,2)": "numeric(12,2)",
            "date": "date", "timestamp": "timestamptz", "list<string>": "text[]", "list<int>": "bigint[]",
            "string": 'text COLLATE "en-x-icu"',
        }
        columns = ", ".join(f'"{name}" {kinds[ty]}' for name, ty in TYPES.items())
        self.connection.execute("DROP TABLE IF EXISTS customers")
        self.connection.execute(f"CREATE TABLE customers ({columns})")
        marks = ", ".join(["%s"] * len(COLUMNS))
        with self.connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO customers VALUES ({marks})", [[row[c] for c in COLUMNS] for row in data])

    def keys(self, sql: str, params: list[Any]) -> list[int]:
        import psycopg

        with psycopg.RawCursor(self.connection) as cursor:
            return [row[0] for row in cursor.execute(sql, params or None).fetchall()]

    def close(self) -> None:
        self.connection.close()
        _stop(self.server, self.folder)


class MariaDb:
    """A server of its own, with a collation that ignores case, accents and trailing spaces."""

    name, dialect = "mariadb", "mysql"

    def __init__(self) -> None:
        import pymysql

        install, server = shutil.which("mariadb-install-db"), shutil.which("mariadbd") or "/usr/sbin/mariadbd"
        if not install or not Path(server).exists():
            raise FileNotFoundError("MariaDB's server is not installed: apt-get install mariadb-server")
        user = _as_user("mysql")
        self.folder = tempfile.mkdtemp(prefix="cvm-maria-")
        if user:
            os.chown(self.folder, user["user"], user["group"])
        data = f"{self.folder}/data"
        subprocess.run(
            [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder, **user,
        )
        port = _free_port()
        self.server = subprocess.Popen(
            [server, "--no-defaults", f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1",
             f"--socket={self.folder}/s", f"--pid-file={self.folder}/pid", "--default-time-zone=+00:00"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder, **user,
        )
        self.connection = _connect(
            lambda: pymysql.connect(host="127.0.0.1", port=port, user="root", charset="utf8mb4", autocommit=True)
        )
        with self.connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE cvm CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
            cursor.execute("USE cvm")

    def load(self, data: list[Row]) -> None:
        kinds = {
            "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN", "decimal(12,2)": "DECIMAL(12,2)", "date": "DATE",
            "timestamp": "DATETIME(6)", "list<string>": "JSON", "list<int>": "JSON", "string": "TEXT",
        }
        columns = ", ".join(f"`{name}` {kinds[ty]}" for name, ty in TYPES.items())
        marks = ", ".join(["%s"] * len(COLUMNS))
        with self.connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS customers")
            cursor.execute(f"CREATE TABLE customers ({columns})")
            for row in data:
                cursor.execute(f"INSERT INTO customers VALUES ({marks})", [self._value(row[c]) for c in COLUMNS])

    @staticmethod
    def _value(value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return value.strftime("%Y-%m-%d %H:%M:%S.%f")
        if isinstance(value, list):
            return json.dumps(value, ensure_ascii=False)
        return _no_nan(value)

    def keys(self, sql: str, params: list[Any]) -> list[int]:
        # The driver formats with %s: our text has ? for parameters, and may have % in literals. A prepared statement
        # takes it as it is.
        with self.connection.cursor() as cursor:
            if not params:
                cursor.execute(sql)
                return [row[0] for row in cursor.fetchall()]
            cursor.execute("PREPARE p FROM %s", (sql,))
            for i, value in enumerate(params):
                cursor.execute(f"SET @p{i} = %s", (self._value(value),))
            cursor.execute("EXECUTE p USING " + ", ".join(f"@p{i}" for i in range(len(params))))
            return [row[0] for row in cursor.fetchall()]

    def close(self) -> None:
        self.connection.close()
        _stop(self.server, self.folder)


def _connect(connect: Any) -> Any:
    deadline = time.monotonic() + 60
    while True:
        try:
            return connect()
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _stop(server: subprocess.Popen[bytes], folder: str) -> None:
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
    shutil.rmtree(folder, ignore_errors=True)

"""Spark in local mode: ANSI rules, arrays, documents as JSON texts; the session's zone is far from UTC."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Sequence
from typing import Any

from population import Data, arrow

from .base import Database

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "America/New_York",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.warehouse.dir": "",
    # With the first compiler alone, Java keeps 48 MB for compiled code, which thousands of queries fill; then it dies.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=512m -Dlog4j.rootLogger=ERROR",
}
_INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


class Spark(Database):
    """One session."""

    name = dialect = "spark"
    share = 0.1

    def __init__(self) -> None:
        if shutil.which("java") is None:
            raise FileNotFoundError("Spark needs Java: apt-get install default-jre-headless")
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise FileNotFoundError("Spark is not installed: pip install pyspark") from error
        self.folder = tempfile.mkdtemp(prefix="cvm-spark-")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master("local[2]").appName("cvm")
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value or f"{self.folder}/warehouse")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("OFF")

    def load(self, data: Data) -> None:
        for name, rows in data.items():
            self.session.createDataFrame(arrow(name, rows)).createOrReplaceTempView(name)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        found = self.session.sql(sql, args=list(params)) if params else self.session.sql(sql)
        return [tuple(row) for row in found.collect()]

    def many(self, statements: list[str]) -> list[list[int]]:
        # Compiled, as single statements are, a batch takes five times as long.
        for name, value in _INTERPRETED.items():
            self.session.conf.set(name, value)
        try:
            return super().many(statements)
        finally:
            for name in _INTERPRETED:
                self.session.conf.unset(name)

    def close(self) -> None:
        self.session.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

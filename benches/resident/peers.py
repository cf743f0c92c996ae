"""The questions of main.rs to DuckDB, Polars, ClickHouse and DataFusion, each in its best way, in memory or from Parquet.

    python peers.py FOLDER PEER memory|parquet

FOLDER holds the tables as Parquet and CVM's own SQL. Each kind of event has a table of its own, as in the index. The peer
`tables` is CVM without an index: its SQL on DataFusion. Prints a line of JSON for each question: the median of nine (of
three from Parquet), in milliseconds, and the count.
"""

import datetime as dt
import json
import pathlib
import statistics
import sys
import time

AS_OF = dt.datetime(2024, 6, 30, 12, tzinfo=dt.timezone.utc)
KINDS = ("purchase", "visit", "open")


def stamp(days: int) -> str:
    return (AS_OF - dt.timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")


def since(days: int) -> str:
    return f"moment >= TIMESTAMP '{stamp(days)}' AND moment <= TIMESTAMP '{stamp(0)}'"


QUESTIONS = {
    "attributes": "SELECT count(*) FROM customers WHERE country IN ('FR', 'BE', 'DE') AND age BETWEEN 25 AND 45"
    " AND tier = 'gold' AND consent AND spent > 100.00",
    "purchases": f"SELECT count(*) FROM (SELECT customer_id FROM purchase WHERE {since(90)}"
    " GROUP BY customer_id HAVING count(*) >= 2) AS t",
    "amount": f"SELECT count(*) FROM (SELECT customer_id FROM purchase WHERE {since(90)}"
    " GROUP BY customer_id HAVING sum(amount) > 300.00) AS t",
    "lapsed": "SELECT count(*) FROM customers WHERE tier = 'gold' AND id NOT IN"
    f" (SELECT customer_id FROM purchase WHERE {since(90)})",
    "recent": f"SELECT count(*) FROM (SELECT customer_id FROM visit WHERE moment > TIMESTAMP '{stamp(7)}'"
    f" AND moment <= TIMESTAMP '{stamp(0)}' GROUP BY customer_id) AS t",
    "large": "SELECT count(*) FROM (SELECT customer_id FROM purchase WHERE amount > 150.00"
    f" AND moment >= TIMESTAMP '{(AS_OF.replace(year=2023)).strftime('%Y-%m-%d %H:%M:%S')}'"
    f" AND moment <= TIMESTAMP '{stamp(0)}' GROUP BY customer_id) AS t",
}


def duckdb(folder: str, memory: bool):
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
    for table in ("customers", *KINDS):
        what = "TABLE" if memory else "VIEW"
        connection.execute(f"CREATE {what} {table} AS SELECT * FROM '{folder}/{table}.parquet'")
    return lambda question: connection.execute(QUESTIONS[question]).fetchone()[0]


def datafusion(folder: str, memory: bool):
    import datafusion

    context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(2))
    for table in ("customers", *KINDS):
        if memory:
            context.register_parquet(f"{table}_file", f"{folder}/{table}.parquet")
            context.sql(f"CREATE TABLE {table} AS SELECT * FROM {table}_file").collect()
        else:
            context.register_parquet(table, f"{folder}/{table}.parquet")
    return lambda question: context.sql(QUESTIONS[question]).collect()[0].column(0)[0].as_py()


def tables(folder: str, memory: bool):
    import datafusion

    context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(2))
    for table in ("customers", "events"):
        context.register_parquet(table, f"{folder}/{table}.parquet")
    asked = json.loads(pathlib.Path(folder, "questions.json").read_text())
    return lambda question: context.sql(asked[question]).collect()[0].column(0)[0].as_py()


def clickhouse(folder: str, memory: bool):
    from chdb import session

    client = session.Session()
    client.query("SET max_threads = 2")
    nullable = "LowCardinality(Nullable(String))"
    columns = {kind: "customer_id Int64, moment DateTime64(6, 'UTC'), amount Nullable(Decimal(10, 2))" for kind in KINDS}
    columns["customers"] = (
        f"id Int64, country LowCardinality(String), city {nullable}, tier LowCardinality(String), age Nullable(Int64),"
        " consent Bool, signed_up Date32, spent Decimal(12, 2), orders Int64"
    )
    for table, types in columns.items():
        if memory:
            client.query(f"CREATE TABLE {table} ({types}) ENGINE = Memory")
            client.query(f"INSERT INTO {table} SELECT * FROM file('{folder}/{table}.parquet')")
        else:
            client.query(f"CREATE VIEW {table} AS SELECT * FROM file('{folder}/{table}.parquet', Parquet, '{quoted(types)}')")

    def ask(question: str) -> int:
        # A text is compared with a time as it is written, in the zone of the column.
        text = QUESTIONS[question].replace("TIMESTAMP '", "'")
        return int(str(client.query(text + " SETTINGS max_threads = 2", "TSV")).strip())

    return ask


def quoted(text: str) -> str:
    return text.replace("'", "''")


def polars(folder: str, memory: bool):
    import polars as pl

    def frame(table: str):
        path = f"{folder}/{table}.parquet"
        return pl.read_parquet(path).lazy() if memory else pl.scan_parquet(path)

    customers = frame("customers")
    of = {kind: frame(kind) for kind in KINDS}
    now, year_before = AS_OF.replace(tzinfo=None), AS_OF.replace(tzinfo=None, year=2023)

    def window(kind: str, days: int, open_end: bool = False):
        low = now - dt.timedelta(days=days)
        first = pl.col("moment") > low if open_end else pl.col("moment") >= low
        return of[kind].filter(first & (pl.col("moment") <= now))

    def size(frame) -> int:
        return frame.select(pl.len()).collect().item()

    def ask(question: str) -> int:
        recent = window("purchase", 90)
        match question:
            case "attributes":
                return size(
                    customers.filter(
                        pl.col("country").cast(pl.String).is_in(["FR", "BE", "DE"])
                        & pl.col("age").is_between(25, 45)
                        & (pl.col("tier") == "gold")
                        & pl.col("consent")
                        & (pl.col("spent") > 100)
                    )
                )
            case "purchases":
                return size(recent.group_by("customer_id").len().filter(pl.col("len") >= 2))
            case "amount":
                return size(recent.group_by("customer_id").agg(pl.col("amount").sum()).filter(pl.col("amount") > 300))
            case "lapsed":
                gold = customers.filter(pl.col("tier") == "gold")
                return size(gold.join(recent, left_on="id", right_on="customer_id", how="anti"))
            case "recent":
                return window("visit", 7, open_end=True).select(pl.col("customer_id").n_unique()).collect().item()
            case "large":
                year = of["purchase"].filter(
                    (pl.col("moment") >= year_before) & (pl.col("moment") <= now) & (pl.col("amount") > 150)
                )
                return year.select(pl.col("customer_id").n_unique()).collect().item()
        raise ValueError(question)

    return ask


PEERS = {"duckdb": duckdb, "polars": polars, "clickhouse": clickhouse, "datafusion": datafusion, "tables": tables}


def main() -> None:
    folder, peer, form = sys.argv[1:4]
    ask = PEERS[peer](folder, form == "memory")
    name = peer if form == "memory" else f"{peer} from files"
    for question in QUESTIONS:
        times, count = [], 0
        for _ in range(9 if form == "memory" else 3):
            start = time.perf_counter()
            count = ask(question)
            times.append((time.perf_counter() - start) * 1e3)
        line = {"peer": name, "question": question, "ms": round(statistics.median(times), 3), "count": count}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()

"""The questions of main.rs to DuckDB, Polars, ClickHouse and DataFusion, each in its best way and in memory.

    python peers.py FOLDER PEER

FOLDER holds customers.parquet and events.parquet. Each kind of event has a table of its own, as in the index. Prints a
line of JSON for each question: the median of nine, in milliseconds, and the count.
"""

import datetime as dt
import json
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


def duckdb(folder: str):
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
    connection.execute(f"CREATE TABLE customers AS SELECT * FROM '{folder}/customers.parquet'")
    for kind in KINDS:
        connection.execute(
            f"CREATE TABLE {kind} AS SELECT customer_id, \"at\"::TIMESTAMP AS moment, amount"
            f" FROM '{folder}/events.parquet' WHERE kind = '{kind}'"
        )
    return lambda question: connection.execute(QUESTIONS[question]).fetchone()[0]


def datafusion(folder: str):
    import datafusion

    context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(2))
    context.register_parquet("customers_file", f"{folder}/customers.parquet")
    context.register_parquet("events_file", f"{folder}/events.parquet")
    context.sql("CREATE TABLE customers AS SELECT * FROM customers_file").collect()
    for kind in KINDS:
        context.sql(
            f"CREATE TABLE {kind} AS SELECT customer_id, arrow_cast(at, 'Timestamp(Microsecond, None)') AS moment,"
            f" amount"
            f" FROM events_file WHERE kind = '{kind}'"
        ).collect()
    return lambda question: context.sql(QUESTIONS[question]).collect()[0].column(0)[0].as_py()


def clickhouse(folder: str):
    from chdb import session

    client = session.Session()
    client.query("SET max_threads = 2")
    nullable = "LowCardinality(Nullable(String))"
    client.query(
        "CREATE TABLE customers (id Int64, country LowCardinality(String), city " + nullable + ","
        " tier LowCardinality(String), age Nullable(Int64), consent Bool, signed_up Date32, spent Decimal(12, 2),"
        " orders Int64) ENGINE = Memory"
    )
    client.query(f"INSERT INTO customers SELECT * FROM file('{folder}/customers.parquet')")
    for kind in KINDS:
        client.query(
            f"CREATE TABLE {kind} (customer_id Int64, moment DateTime64(6, 'UTC'), amount Nullable(Decimal(10, 2)))"
            " ENGINE = Memory"
        )
        client.query(
            f"INSERT INTO {kind} SELECT customer_id, at, amount FROM file('{folder}/events.parquet')"
            f" WHERE kind = '{kind}' SETTINGS use_structure_from_insertion_table_in_table_functions = 0"
        )

    def ask(question: str) -> int:
        # A text is compared with a time as it is written, in the zone of the column.
        text = QUESTIONS[question].replace("TIMESTAMP '", "'")
        return int(str(client.query(text + " SETTINGS max_threads = 2", "TSV")).strip())

    return ask


def polars(folder: str):
    import polars as pl

    customers = pl.read_parquet(f"{folder}/customers.parquet")
    events = pl.read_parquet(f"{folder}/events.parquet")
    of = {kind: events.filter(pl.col("kind") == kind).drop("kind") for kind in KINDS}
    del events

    def window(kind: str, days: int, open_end: bool = False):
        low = AS_OF - dt.timedelta(days=days)
        first = pl.col("at") > low if open_end else pl.col("at") >= low
        return of[kind].lazy().filter(first & (pl.col("at") <= AS_OF))

    def size(frame) -> int:
        return frame.select(pl.len()).collect().item()

    def ask(question: str) -> int:
        recent = window("purchase", 90)
        match question:
            case "attributes":
                return size(
                    customers.lazy().filter(
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
                gold = customers.lazy().filter(pl.col("tier") == "gold")
                return size(gold.join(recent, left_on="id", right_on="customer_id", how="anti"))
            case "recent":
                return window("visit", 7, open_end=True).select(pl.col("customer_id").n_unique()).collect().item()
            case "large":
                year = of["purchase"].lazy().filter(
                    (pl.col("at") >= AS_OF.replace(year=2023)) & (pl.col("at") <= AS_OF) & (pl.col("amount") > 150)
                )
                return year.select(pl.col("customer_id").n_unique()).collect().item()
        raise ValueError(question)

    return ask


def main() -> None:
    folder, peer = sys.argv[1], sys.argv[2]
    ask = {"duckdb": duckdb, "polars": polars, "clickhouse": clickhouse, "datafusion": datafusion}[peer](folder)
    for question in QUESTIONS:
        times, count = [], 0
        for _ in range(9):
            start = time.perf_counter()
            count = ask(question)
            times.append((time.perf_counter() - start) * 1e3)
        line = {"peer": peer, "question": question, "ms": round(statistics.median(times), 3), "count": count}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()

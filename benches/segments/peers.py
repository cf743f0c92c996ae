"""The segments of main.rs to DuckDB, Polars and ClickHouse, in memory and in every way that seemed good.

    python peers.py FOLDER PEER [SEGMENTS] [TIMES]

FOLDER holds customers.parquet, events.parquet and segments.json. Prints a line of JSON for each way: the median of TIMES
for each of its parts, and the counts. The parts of a way:

- features: everything that some segment asks of the events, aggregated once for each customer, beside the fields;
- marks: a column of truth values for each different condition (only where a way has it);
- scan: the segments counted over that.

Features and marks go out of date with the clock, as the answers do that the index keeps.
"""

import datetime as dt
import json
import statistics
import sys
import time

AS_OF = dt.datetime(2024, 6, 30, 12, tzinfo=dt.timezone.utc)
KINDS = ("purchase", "visit", "open")
DAYS = (7, 30, 90, 365)


def stamp(days: int) -> str:
    return (AS_OF - dt.timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")


class Segments:
    """The conditions and the trees over them, rendered for each engine."""

    def __init__(self, folder: str, number: int):
        read = json.load(open(f"{folder}/segments.json"))
        self.conditions, self.trees = read["conditions"], read["segments"][:number]
        self.statements = read["statements"][:number]

    def sql(self, tree, leaf, below_not: bool = False) -> str:
        """`leaf` renders one condition. Nothing is NULL below a NOT: who has no value does not meet a condition."""
        if isinstance(tree, int):
            nullable = below_not and leaf != self.mark and self.conditions[tree]["nullable"]
            return f"coalesce({leaf(tree)}, FALSE)" if nullable else leaf(tree)
        [(word, parts)] = tree.items()
        if word == "not":
            return f"NOT ({self.sql(parts, leaf, True)})"
        return "(" + f" {word.upper()} ".join(self.sql(part, leaf, below_not) for part in parts) + ")"

    def condition(self, at: int) -> str:
        return self.conditions[at]["sql"]

    def mark(self, at: int) -> str:
        return f"m{at}"

    def marks(self) -> str:
        """All conditions as columns that are never NULL."""
        rendered = (
            f"CAST(coalesce({each['sql']}, FALSE) AS BOOLEAN) AS m{at}"
            for at, each in enumerate(self.conditions)
        )
        return ", ".join(rendered)


def report(peer: str, way: str, segments: int, parts: dict, counts) -> None:
    line = {"peer": peer, "way": way, "segments": segments, "parts": parts, "counts": counts}
    print(json.dumps(line), flush=True)


def timed(times: int, work):
    """The median in milliseconds, and what came out last. What takes half a minute is not repeated."""
    taken, result = [], None
    while len(taken) < times and sum(taken) < 30e3:
        start = time.perf_counter()
        result = work()
        taken.append((time.perf_counter() - start) * 1e3)
    return round(statistics.median(taken), 3), result


def features(kind: str, count_if: str, sum_if: str) -> list[tuple[str, str]]:
    """The columns of the features of one kind of event: name and aggregate."""
    columns = [(f"{kind}_count_{days}", count_if.format(f"\"at\" >= TIMESTAMP '{stamp(days)}'")) for days in DAYS]
    if kind == "purchase":
        columns += [(f"purchase_sum_{days}", sum_if.format(f"\"at\" >= TIMESTAMP '{stamp(days)}'")) for days in DAYS]
        large = f"\"at\" >= TIMESTAMP '{stamp(365)}' AND amount > 150.00"
        columns.append(("purchase_large_365", count_if.format(large)))
    return columns + [(f"{kind}_last", 'max("at")')]


def wide(count_if: str, sum_if: str, narrow: str) -> str:
    """The statement that puts fields and features beside one another: counts and sums of nothing are 0."""
    columns, joins = [], []
    for kind in KINDS:
        made = features(kind, count_if, sum_if)
        inner = ", ".join(f"{expression} AS {name}" for name, expression in made)
        joins.append(
            f" LEFT JOIN (SELECT customer_id, {inner} FROM {kind} WHERE \"at\" <= TIMESTAMP '{stamp(0)}'"
            f" GROUP BY customer_id) AS {kind}_f ON c.id = {kind}_f.customer_id"
        )
        for name, _ in made:
            if name.endswith("_last"):
                columns.append(f"{kind}_f.{name} AS {name}")
            elif "_sum_" in name:
                columns.append(f"coalesce({kind}_f.{name}, 0) AS {name}")
            else:
                columns.append(narrow.format(f"coalesce({kind}_f.{name}, 0)") + f" AS {name}")
    return f"SELECT c.*, {', '.join(columns)} FROM customers AS c" + "".join(joins)


def duckdb(folder: str, number: int, times: int) -> None:
    import duckdb

    segments = Segments(folder, number)
    connection = duckdb.connect()
    run = connection.execute
    run("SET threads = 2; SET TimeZone = 'UTC'")
    run(f"CREATE TABLE customers AS SELECT * FROM '{folder}/customers.parquet'")
    for kind in KINDS:
        run(f"CREATE TABLE {kind} AS SELECT customer_id, \"at\"::TIMESTAMP AS \"at\", amount FROM '{folder}/events.parquet'"
            f" WHERE kind = '{kind}'")
    statement = wide("count(*) FILTER (WHERE {})", "sum(amount) FILTER (WHERE {})", "{}::INTEGER")
    made, _ = timed(max(1, times // 2), lambda: run(f"CREATE OR REPLACE TABLE wide AS {statement}"))
    marked, _ = timed(
        max(1, times // 2), lambda: run(f"CREATE OR REPLACE TABLE marked AS SELECT {segments.marks()} FROM wide")
    )

    # A statement for each segment, as the library writes it: nothing is made beforehand.
    few = segments.statements[: min(100, number)]
    taken, counts = timed(1, lambda: [run(text).fetchone()[0] for text in few])
    report("duckdb", "separate, over the events", len(few), {"scan": taken}, counts)
    for way, table, leaf, parts in [
        ("separate, over features", "wide", segments.condition, {"features": made}),
        ("separate, over marks", "marked", segments.mark, {"features": made, "marks": marked}),
    ]:
        texts = [f"SELECT count(*) FROM {table} WHERE {segments.sql(tree, leaf)}" for tree in segments.trees]
        taken, counts = timed(times, lambda: [run(text).fetchone()[0] for text in texts])
        report("duckdb", way, number, parts | {"scan": taken}, counts)
    for way, table, leaf, parts in [
        ("one scan, over features", "wide", segments.condition, {"features": made}),
        ("one scan, over marks", "marked", segments.mark, {"features": made, "marks": marked}),
    ]:
        filters = ", ".join(f"count(*) FILTER (WHERE {segments.sql(tree, leaf)})" for tree in segments.trees)
        taken, counts = timed(times, lambda: run(f"SELECT {filters} FROM {table}").fetchone())
        report("duckdb", way, number, parts | {"scan": taken}, counts)
    counted = ", ".join(f"count_if({segments.sql(tree, segments.mark)})" for tree in segments.trees)
    taken, counts = timed(times, lambda: run(f"SELECT {counted} FROM marked").fetchone())
    parts = {"features": made, "marks": marked, "scan": taken}
    report("duckdb", "one scan with count_if, over marks", number, parts, [int(count) for count in counts])
    # Customers who meet the same conditions are counted once.
    filters = ", ".join(f"sum(n) FILTER (WHERE {segments.sql(tree, segments.mark)})" for tree in segments.trees)
    grouped = f"WITH grouped AS (SELECT *, count(*) AS n FROM marked GROUP BY ALL) SELECT {filters} FROM grouped"
    taken, counts = timed(1, lambda: run(grouped).fetchone())
    counts = [int(count or 0) for count in counts]
    report("duckdb", "grouped by marks", number, {"features": made, "marks": marked, "scan": taken}, counts)


def clickhouse(folder: str, number: int, times: int) -> None:
    from chdb import session

    segments = Segments(folder, number)
    client = session.Session()
    settings = (" SETTINGS max_threads = 2, max_query_size = 100000000, max_ast_elements = 10000000,"
                " max_expanded_ast_elements = 10000000, join_use_nulls = 1")

    def query(text: str) -> str:
        return str(client.query(text.replace("TIMESTAMP '", "'") + settings, "TSV"))

    nullable = "LowCardinality(Nullable(String))"
    client.query(
        f"CREATE TABLE customers (id Int64, country LowCardinality(String), city {nullable},"
        " tier LowCardinality(String), age Nullable(Int64), consent Bool, signed_up Date32, spent Decimal(12, 2),"
        " orders Int64) ENGINE = Memory"
    )
    client.query(f"INSERT INTO customers SELECT * FROM file('{folder}/customers.parquet')")
    for kind in KINDS:
        client.query(
            f"CREATE TABLE {kind} (customer_id Int64, at DateTime64(6, 'UTC'), amount Nullable(Decimal(10, 2)))"
            " ENGINE = Memory"
        )
        client.query(
            f"INSERT INTO {kind} SELECT customer_id, at, amount FROM file('{folder}/events.parquet')"
            f" WHERE kind = '{kind}' SETTINGS use_structure_from_insertion_table_in_table_functions = 0"
        )
    statement = wide("countIf({})", "sumIf(amount, {})", "toInt32(assumeNotNull({}))")

    def table(name: str, text: str):
        def make():
            client.query(f"DROP TABLE IF EXISTS {name}")
            query(f"CREATE TABLE {name} ENGINE = Memory AS {text}")

        return make

    made, _ = timed(max(1, times // 2), table("wide", statement))
    marked, _ = timed(max(1, times // 2), table("marked", f"SELECT {segments.marks()} FROM wide"))
    for way, source, leaf, parts in [
        ("one scan, over features", "wide", segments.condition, {"features": made}),
        ("one scan, over marks", "marked", segments.mark, {"features": made, "marks": marked}),
    ]:
        counted = ", ".join(f"countIf({segments.sql(tree, leaf)})" for tree in segments.trees)
        taken, answer = timed(times, lambda: query(f"SELECT {counted} FROM {source}"))
        report("clickhouse", way, number, parts | {"scan": taken}, [int(count) for count in answer.split()])


def polars(folder: str, number: int, times: int) -> None:
    import polars as pl

    segments = Segments(folder, number)
    customers = pl.read_parquet(f"{folder}/customers.parquet")
    events = pl.read_parquet(f"{folder}/events.parquet")
    of = {kind: events.filter(pl.col("kind") == kind).drop("kind") for kind in KINDS}
    del events

    def low(days: int):
        return pl.col("at") >= AS_OF - dt.timedelta(days=days)

    def of_kind(kind: str):
        columns = [low(days).sum().alias(f"{kind}_count_{days}") for days in DAYS]
        if kind == "purchase":
            amount = pl.col("amount")
            columns += [pl.when(low(days)).then(amount).sum().alias(f"purchase_sum_{days}") for days in DAYS]
            columns.append((low(365) & (amount > 150)).sum().alias("purchase_large_365"))
        columns.append(pl.col("at").max().alias(f"{kind}_last"))
        return of[kind].lazy().filter(pl.col("at") <= AS_OF).group_by("customer_id").agg(columns)

    def make():
        frame = customers.lazy().with_columns(pl.col("country", "tier", "city").cast(pl.Categorical))
        for kind in KINDS:
            frame = frame.join(of_kind(kind), left_on="id", right_on="customer_id", how="left")
        return frame.with_columns(pl.col("^.*_(count|sum|large)_.*$").fill_null(0)).collect()

    made, table = timed(max(1, times // 2), make)

    def condition(at: int):
        parts = segments.conditions[at]["parts"]
        column, values = pl.col(parts["column"]), parts["values"]
        if parts["column"] == "signed_up":
            values = [dt.date.fromisoformat(value) for value in values]
        op = parts["op"]
        if op.startswith("time "):
            op = op.removeprefix("time ")
            values = [dt.datetime.fromisoformat(value).replace(tzinfo=dt.timezone.utc) for value in values]
        match op:
            case "in":
                # One equality for each value is what Polars does fastest on categories.
                found = column == values[0]
                for value in values[1:]:
                    found = found | (column == value)
                return found
            case "between":
                return column.is_between(*values)
            case "prefix":
                return column.cat.starts_with(values[0])
            case "set":
                return column.is_not_null()
            case "unset":
                return column.is_null()
            case "is":
                return column if values[0] else ~column
            case "=":
                return column == values[0]
            case ">":
                return column > values[0]
            case ">=":
                return column >= values[0]
            case "<":
                return column < values[0]
        raise ValueError(op)

    def expression(tree, leaf):
        if isinstance(tree, int):
            return leaf(tree)
        [(word, parts)] = tree.items()
        if word == "not":
            return ~expression(parts, leaf)
        found = expression(parts[0], leaf)
        for part in parts[1:]:
            found = found & expression(part, leaf) if word == "and" else found | expression(part, leaf)
        return found

    def never_null(at: int):
        made = condition(at)
        return made.fill_null(False) if segments.conditions[at]["nullable"] else made

    def mark():
        return table.lazy().select(never_null(at).alias(f"m{at}") for at in range(len(segments.conditions))).collect()

    marked_ms, marked = timed(max(1, times // 2), mark)
    for way, frame, leaf, parts in [
        ("one select, over features", table, never_null, {"features": made}),
        ("one select, over marks", marked, lambda at: pl.col(f"m{at}"), {"features": made, "marks": marked_ms}),
    ]:
        sums = [expression(tree, leaf).sum().alias(f"s{at}") for at, tree in enumerate(segments.trees)]
        taken, counts = timed(times, lambda: frame.lazy().select(sums).collect().row(0))
        report("polars", way, number, parts | {"scan": taken}, counts)


def main() -> None:
    folder, peer = sys.argv[1], sys.argv[2]
    number = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000
    times = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    {"duckdb": duckdb, "clickhouse": clickhouse, "polars": polars}[peer](folder, number, times)


if __name__ == "__main__":
    main()

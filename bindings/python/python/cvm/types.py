"""Types of arguments and results."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypedDict, Union

if TYPE_CHECKING:
    from cvm._cvm import Filter


class ArrowStream(Protocol):
    """A table that speaks the Arrow PyCapsule interface: of pyarrow, polars, pandas, DuckDB, or another."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:  # noqa: ANN401
        """Return a capsule with an Arrow C stream."""


class ArrowArray(Protocol):
    """A record batch that speaks the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:  # noqa: ANN401
        """Return capsules with an Arrow C schema and array."""


FilterLike: TypeAlias = Union["Filter", Mapping[str, Any], str]
"""A filter: a dict, a JSON text, the text form, or a `Filter`."""

Document: TypeAlias = Union[Mapping[str, Any], Sequence[Any], str, float, bool, None]
"""A JSON document: dicts, lists and scalars, or its text."""


class HasJson(Protocol):
    """What says of itself what it is as JSON."""

    def to_json(self) -> str:
        """Return the JSON text."""


JourneyLike: TypeAlias = Union[Mapping[str, Any], str, HasJson]
"""A journey: a dict, JSON text, or an object with `to_json()`."""

InFlight: TypeAlias = Union[Literal["pinned", "follow"], Mapping[str, str]]
"""What becomes of customers in an older version; a dict says for nodes that are gone where their customers go."""

Outcome: TypeAlias = Literal["done", "failed", "unknown", "again"]
"""What became of a message."""

JourneyStatus: TypeAlias = Literal["running", "paused", "stopped"]
Held: TypeAlias = Literal["ended", "suppressed", "no_consent", "offer", "quiet", "cap", "budget", "no_code"]
"""Why a message was held back."""
Refused: TypeAlias = Literal["not_running", "held_out", "inside", "not_again", "full", "no_key"]
"""Why somebody did not enter."""

CatalogLike: TypeAlias = Union[Mapping[str, Any], str]
"""A catalog: a dict, as `Engine.catalog` gives it, or JSON text."""

Source: TypeAlias = Union[str, "os.PathLike[str]", ArrowStream, ArrowArray]
"""Where rows come from: a path, or any Arrow table."""

AsOf: TypeAlias = Union[datetime.datetime, datetime.date, str]
"""An instant: an aware datetime, a date, or an ISO 8601 text."""

Key: TypeAlias = Union[int, str]
"""What tells customers apart."""

Progress: TypeAlias = Callable[[int, int], object]
"""A function that is told how much is done, and of how much."""

Direction: TypeAlias = Literal["asc", "desc"]
OrderBy: TypeAlias = Union[str, "tuple[str, Direction]", Sequence[Union[str, "tuple[str, Direction]"]]]
"""A column, a (column, direction) pair, or a list of them."""

OnBadRows: TypeAlias = Literal["error", "skip", "missing"]
Dialect: TypeAlias = Literal[
    "postgresql",
    "postgres",
    "mysql",
    "mariadb",
    "sqlite",
    "duckdb",
    "datafusion",
    "clickhouse",
    "spark",
    "databricks",
    "bigquery",
    "snowflake",
    "redshift",
    "trino",
    "sqlserver",
    "mssql",
    "tsql",
]
Statement: TypeAlias = Literal["members", "count", "preview", "funnel", "insert", "view", "dbt"]
ImportDialect: TypeAlias = Literal[
    "generic",
    "ansi",
    "bigquery",
    "clickhouse",
    "databricks",
    "datafusion",
    "duckdb",
    "hive",
    "mariadb",
    "mysql",
    "oracle",
    "postgresql",
    "postgres",
    "redshift",
    "snowflake",
    "spark",
    "sqlite",
    "sqlserver",
    "mssql",
    "trino",
    "presto",
]
"""Dialects whose conditions can be read."""
Clock: TypeAlias = Literal["frozen", "database"]
Placeholders: TypeAlias = Literal["dollar", "question", "at", "colon", "clickhouse"]

Value: TypeAlias = Union[int, float, str, bool, Decimal, datetime.date, datetime.datetime, "list[Value]", None]
"""A value of a customer's field."""


class Span(TypedDict):
    """A place in a text: bytes, and the line and column (from 1) where it starts."""

    start: int
    end: int
    line: int
    column: int


class _Diagnostic(TypedDict):
    severity: Literal["error", "warning"]
    code: str
    path: str
    message: str


class Diagnostic(_Diagnostic, total=False):
    """One finding: what is wrong, where (a JSON pointer), and what to do."""

    suggestion: str
    help: str
    span: Span


class _JourneyFinding(TypedDict):
    severity: Literal["error", "warning", "info"]
    code: str
    path: str
    message: str


class JourneyFinding(_JourneyFinding, total=False):
    """What is wrong with a journey; `fix` are edits that put it right."""

    help: str
    nodes: list[str]
    edges: list[str]
    fix: list[dict[str, Any]]


class _Message(TypedDict):
    receipt: str
    key: str
    journey: str
    version: int
    node: str
    customer: str
    channel: str
    attempt: int
    parts: dict[str, str]


class Message(_Message, total=False):
    """Something to send, or to call: `receipt` is for `acknowledge`, `key` for the provider, the same at each try."""

    template: str
    offer: str
    code: str
    url: str


class Unmade(TypedDict):
    """A message that could not be made: it has failed."""

    journey: str
    node: str
    customer: str
    reason: str


class Polled(TypedDict):
    """What there is to do."""

    messages: list[Message]
    unmade: list[Unmade]


class Fed(TypedDict):
    """What came of changes; `repeated` are events that counted already, `left_out` those of nobody."""

    events: int
    changed: int
    new: int
    repeated: int
    left_out: int


class _Moved(TypedDict):
    version: int
    node: str
    customers: int
    fate: Literal["pinned", "stay", "move", "homeless"]


class Moved(_Moved, total=False):
    """What would become of those who are at a node; `to` where they would move."""

    to: str


class Position(TypedDict):
    """Where a customer is; `until` when at most, as ISO 8601."""

    journey: str
    version: int
    node: str
    entry: int
    until: str | None


class NodeStatistics(TypedDict):
    """What was counted at a node: entered + moved_in = left + out + moved_out + waiting."""

    version: int
    node: str
    type: str
    entered: int
    waiting: int
    left: dict[str, int]
    out: int
    moved_in: int
    moved_out: int
    handed: int
    done: int
    failed: int
    unknown: int
    repeated: int
    held: dict[Held, int]
    events: dict[str, int]


class Statistics(TypedDict):
    """What was counted of a journey."""

    journey: str
    status: JourneyStatus
    version: int
    entered: int
    waiting: int
    refused: dict[Refused, int]
    left: dict[str, int]
    reached: dict[str, int]
    late: int
    answers_late: int
    nodes: list[NodeStatistics]


class NodeFlow(TypedDict):
    """What happened at a node in a simulation."""

    node: str
    type: str
    entered: int
    waiting: int
    left: dict[str, int]
    out: int
    done: int
    failed: int
    held: dict[Held, int]
    by_day: list[int]
    waiting_by_day: list[int]


class Most(TypedDict):
    """The customer who got most messages; how many anybody got in a day at most."""

    customer: str
    messages: int
    in_a_day: int


class Rewrite(TypedDict):
    """One step of the optimiser."""

    rule: str
    message: str


class Step(TypedDict):
    """One step of a funnel: how many pass it alone, and how many with all steps before it."""

    path: str
    text: str
    alone: int
    together: int


class Estimate(TypedDict):
    """About how many: `low` to `high` holds the true number in at least 95 of 100 samples."""

    count: int
    low: int
    high: int
    sampled: int
    of: int


class Transition(TypedDict):
    """Somebody came into a segment, or went: the microsecond from which the new verdict holds."""

    segment: str
    key: Key
    at: datetime.datetime
    entered: bool


class _IndexState(TypedDict):
    state: Literal["off", "none", "building", "ready", "refused"]


class IndexState(_IndexState, total=False):
    """How it stands with the index: sizes where it is ready, findings where it was refused."""

    customers: int
    bytes: int
    answer_bytes: int
    findings: list[Diagnostic]
    sampled: int


class _Verdict(TypedDict):
    path: str
    depth: int
    text: str
    passed: bool


class Verdict(_Verdict, total=False):
    """One node of an explanation; `field` and `value` only at leaves."""

    field: str
    value: Any

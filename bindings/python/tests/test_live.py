"""Membership that is kept up, and engines that are saved and opened."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import cvm
import pytest

FRESH = "city = 'Paris' and count(visit within last 30 days) >= 1"
CATALOG = {
    "customers": {
        "table": "customers",
        "key": "id",
        "fields": [{"name": "id", "type": "int", "nullable": False}, {"name": "city", "type": "string"}],
    },
    "events": [{"name": "visit", "table": "visits", "customer": "id", "time": "at"}],
}


@pytest.fixture
def engine(customers: Path, tmp_path: Path) -> cvm.Engine:
    visits = tmp_path / "visits.csv"
    visits.write_text("id,at\n1,2024-05-01T10:00:00Z\n")
    engine = cvm.Engine("2024-05-02")
    engine.load_customers(customers)
    engine.load_events(visits, "id", "visit", "at")
    return engine


def test_what_comes_and_goes_is_told(engine: cvm.Engine) -> None:
    live = engine.live()
    assert (len(live), live.now) == (3, dt.datetime(2024, 5, 2, tzinfo=dt.timezone.utc))
    assert live.register("fresh", FRESH) == engine.count(FRESH)
    before = live.members("fresh")
    came = live.apply(
        [
            {"key": 9, "fields": {"city": "Paris", "name": "Zoe", "spent": "0.00"}},
            {"key": 9, "event": "visit", "time": dt.datetime(2024, 5, 3, 8, tzinfo=dt.timezone.utc)},
        ],
        now="2024-05-03T09:00:00Z",
    )
    now = dt.datetime(2024, 5, 3, 9, tzinfo=dt.timezone.utc)
    assert came == [{"segment": "fresh", "key": 9, "at": now, "entered": True}]
    assert sorted(live.members("fresh")) == sorted([*before, 9])
    assert live.is_member("fresh", 9)
    # Thirty days later to the microsecond, by time alone.
    gone = live.advance("2024-06-10")
    assert [(one["key"], one["entered"]) for one in gone][-1] == (9, False)
    assert gone[-1]["at"] == dt.datetime(2024, 6, 2, 8, 0, 0, 1, tzinfo=dt.timezone.utc)
    assert live.count("fresh") == 0
    visit = {"key": 9, "event": "visit", "time": "2024-06-10T00:00:00Z"}
    assert live.apply([{"key": 9, "erase": True}, visit], "2024-06-10") == []
    assert (len(live), live.left_out) == (3, 1)
    # The engine goes on with what was loaded.
    assert engine.count("everyone") == 3


def test_many_segments_and_their_names(engine: cvm.Engine) -> None:
    live = engine.live()
    segments = {"fresh": FRESH, "all": "everyone"}
    assert live.register_all(segments) == {name: engine.count(f) for name, f in segments.items()}
    assert live.segments == ["fresh", "all"]
    assert live.unregister("all")
    assert not live.unregister("all")
    for ask in (live.count, live.members, lambda name: live.is_member(name, 1)):
        with pytest.raises(KeyError, match="no segment `all` is registered"):
            ask("all")
    with pytest.raises(cvm.FilterError) as caught:
        live.register_all({"a": "everyone", "b": "cityy = 'x'"})
    assert caught.value.path.startswith("/1")
    with pytest.raises(cvm.NotSupportedError, match="rank"):
        live.register("best", "top 1 by age")
    assert live.segments == ["fresh"]


def test_one_wrong_change_and_nothing_happened() -> None:
    live = cvm.Live(CATALOG, "2024-05-02")
    live.register("parisians", "city = 'Paris'")
    paris = {"key": 1, "fields": {"city": "Paris"}}
    for wrong, path, message in [
        ({"key": "x", "fields": {"city": "Paris"}}, "/1/key", "`x` is a text, and keys are of type int"),
        ({"key": 2, "fields": {"town": "Paris"}}, "/1/fields/town", "no field `town`"),
        ({"key": 2, "event": "visitt", "time": "2024-05-02"}, "/1/event", "no event `visitt`"),
        ({"key": 2}, "/1", "one of the keys"),
        ({"key": 2, "event": "visit"}, "/1", "`time` is missing"),
    ]:
        with pytest.raises(cvm.CvmError, match=message) as caught:
            live.apply([paris, wrong], "2024-05-02")
        assert caught.value.path == path
        assert len(caught.value.diagnostics) == 1
        assert (len(live), live.count("parisians")) == (0, 0)
    with pytest.raises(cvm.CvmError, match="time does not go back"):
        live.advance("2024-05-01")
    assert live.apply([paris], "2024-05-02")[0]["entered"]
    assert repr(live) == "<cvm.Live: 1 customers, 1 segments, 2024-05-02T00:00:00Z>"
    assert live.next_change() is None


def test_saved_and_opened(engine: cvm.Engine, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    engine.save(folder)
    opened = cvm.Engine.open(folder, "2024-05-02")
    assert opened.index["state"] == "ready"
    assert opened.catalog == engine.catalog
    for f in [FRESH, "age >= 30", "everyone", "top 1 by age"]:
        assert opened.count(f) == engine.count(f)
        assert opened.funnel(f) == engine.funnel(f)
        assert opened.preview(f).to_dicts() == engine.preview(f).to_dicts()
        assert opened.explain(f, 1).to_dict() == engine.explain(f, 1).to_dict()
        assert sorted(map(str, opened.members(f).to_dicts())) == sorted(map(str, engine.members(f).to_dicts()))
    assert opened.counts([FRESH, "everyone"]) == engine.counts([FRESH, "everyone"])
    assert opened.live().register("fresh", FRESH) == engine.count(FRESH)
    assert opened.estimate(FRESH)["count"] == engine.count(FRESH)
    # A segment is named there too; rows are not added.
    catalog = opened.catalog
    catalog["segments"] = [{"name": "fresh", "filter": cvm.Filter(FRESH).to_dict()}]
    opened.set_catalog(catalog)
    assert opened.count("segment fresh") == engine.count(FRESH)
    with pytest.raises(cvm.EngineError, match="an engine that was opened from a saved index has no tables"):
        opened.load_events(tmp_path / "visits.csv", "id", "visit", "at")
    with pytest.raises(cvm.EngineError, match="is not loaded"):
        opened.reference_members("everyone")
    assert opened.count(FRESH) == engine.count(FRESH)


def test_where_there_is_none(customers: Path, tmp_path: Path) -> None:
    with pytest.raises(cvm.SourceNotFoundError, match="no index was saved"):
        cvm.Engine.open(tmp_path / "nothing")
    engine = cvm.Engine(index_memory=0)
    engine.load_customers(customers)
    for ask in (engine.live, lambda: engine.save(tmp_path / "index")):
        with pytest.raises(cvm.NotSupportedError, match="made without memory for one"):
            ask()

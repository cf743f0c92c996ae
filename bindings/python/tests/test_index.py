"""The index in memory, and many filters at once."""

from __future__ import annotations

from pathlib import Path

import cvm
import pytest
from cvm.types import OrderBy

FILTERS = ["age >= 30", "city = 'Paris'", "not (age >= 30)", "everyone"]


def loaded(customers: Path, **options: int) -> cvm.Engine:
    engine = cvm.Engine(**options)  # type: ignore[arg-type]
    engine.load_customers(customers)
    return engine


def test_the_index_is_there_after_the_first_question(customers: Path) -> None:
    engine = loaded(customers)
    assert engine.index == {"state": "none"}
    assert engine.count("everyone") == 3
    state = engine.prepare()
    assert (state["state"], state["customers"]) == ("ready", 3)
    assert state["bytes"] > 0
    assert engine.index == state
    # Other rows are another index.
    engine.load_customers(customers)
    assert engine.index["state"] == "none"


def test_answers_are_those_of_the_tables(customers: Path) -> None:
    memory, tables = loaded(customers), loaded(customers, index_memory=0)
    memory.prepare()
    assert tables.index == {"state": "off"}
    assert tables.prepare() == {"state": "off"}
    for f in [*FILTERS, "age >= 30 and city = 'Paris'", "top 1 by age"]:
        assert memory.count(f) == tables.count(f)
        assert memory.funnel(f) == tables.funnel(f)
        assert sorted(map(str, memory.members(f).to_dicts())) == sorted(map(str, tables.members(f).to_dicts()))
        orders: list[OrderBy | None] = [None, "age", [("city", "desc"), "age"]]
        for order in orders:
            shown = [engine.preview(f, limit=2, offset=1, order_by=order) for engine in (memory, tables)]
            assert shown[0].to_dicts() == shown[1].to_dicts()
        assert memory.preview(f, columns=["city", "age"]).column_names == ["city", "age"]
        for key in [1, 2, 3]:
            assert memory.explain(f, key).to_dict() == tables.explain(f, key).to_dict()
    for engine in (memory, tables):
        with pytest.raises(cvm.UnknownCustomerError, match="no customer has the key `9`"):
            engine.explain("everyone", 9)
        with pytest.raises(cvm.FilterError, match="no field `agee`"):
            engine.preview("everyone", columns=["agee"])


def test_a_segment_that_is_named_costs_no_new_index(customers: Path) -> None:
    engine = loaded(customers)
    engine.prepare()
    catalog = engine.catalog
    catalog["segments"] = [{"name": "grown", "filter": cvm.Filter("age >= 30").to_dict()}]
    engine.set_catalog(catalog)
    assert engine.index["state"] == "ready"
    assert engine.count("segment grown") == engine.count("age >= 30")


@pytest.mark.parametrize("index_memory", [0, 1 << 30])
def test_many_filters_at_once(customers: Path, index_memory: int) -> None:
    engine = loaded(customers, index_memory=index_memory)
    told: list[tuple[int, int]] = []
    counts = engine.counts(FILTERS, progress=lambda done, total: told.append((done, total)))
    assert counts == [engine.count(f) for f in FILTERS]
    assert told[-1] == (4, 4)
    assert [len(rows) for rows in engine.members_of(FILTERS)] == counts
    overlap = engine.overlap(FILTERS)
    assert [overlap[i][i] for i in range(4)] == counts
    assert overlap[0][1] == overlap[1][0] == engine.count("age >= 30 and city = 'Paris'")
    assert overlap[0][2] == 0
    cells = engine.waterfall(FILTERS)
    assert cells[0] == counts[0]
    assert cells[1] == counts[1] - overlap[0][1]
    assert sum(cells) == 3
    assert engine.counts([]) == []


def test_the_wrong_one_of_many_is_named(customers: Path) -> None:
    for index_memory in (0, 1 << 30):
        engine = loaded(customers, index_memory=index_memory)
        with pytest.raises(cvm.FilterError) as caught:
            engine.counts(["everyone", "agee > 3"])
        assert caught.value.path == "/1/field"
        with pytest.raises(cvm.FilterError) as caught:
            engine.counts(["everyone", "age >"])
        assert caught.value.path == "/1"
        with pytest.raises(TypeError, match="filters are a list of filters, not str"):
            engine.counts("everyone")


def test_what_progress_raises_is_raised(customers: Path) -> None:
    def fail(done: int, total: int) -> None:
        raise KeyError(f"{done} of {total}")

    with pytest.raises(KeyError):
        loaded(customers).counts(FILTERS, progress=fail)


def test_too_little_memory_is_said_and_questions_are_answered(customers: Path) -> None:
    engine = loaded(customers, index_memory=50)
    with pytest.raises(MemoryError, match="more than the 50 bytes") as caught:
        engine.prepare()
    assert isinstance(caught.value, cvm.MemoryBudgetError)
    assert caught.value.code == "CVM_MEMORY_BUDGET"
    state = engine.index
    assert (state["state"], state["findings"][0]["code"]) == ("refused", "CVM_MEMORY_BUDGET")
    assert engine.count("everyone") == 3
    assert engine.counts(["everyone", "nobody"]) == [3, 0]


def test_estimates_where_not_all_fit(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("id,age\n" + "".join(f"{i},{i * 7 % 90}\n" for i in range(20_000)))
    engine = loaded(path, index_memory=100_000)
    estimate = engine.estimate("age < 45")
    assert 0 < estimate["sampled"] < estimate["of"] == 20_000
    assert estimate["low"] <= estimate["count"] <= estimate["high"]
    assert estimate["low"] <= engine.count("age < 45") <= estimate["high"]
    assert engine.index["sampled"] == estimate["sampled"]
    # What looks at everyone, and what all fit for, is exact.
    assert engine.estimate("top 10 by age")["low"] == engine.estimate("top 10 by age")["high"] == 10
    exact = loaded(path).estimate("age < 45")
    assert exact["low"] == exact["count"] == exact["high"] == engine.count("age < 45")

"""Journeys: checked, simulated, run, beside what can be counted on the fingers."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cvm
import pytest

START = "2026-12-01T09:00:00Z"
LATER = "2026-12-04T09:00:00Z"
CUSTOMERS = "id,name,tier\n1,Ada,basic\n2,<Alan>,basic\n3,Grace,gold\n"
HELLO = {
    "id": "hello",
    "content": {"email": {"subject": "Hello {{ customer.name }}", "html": "<p>{{ customer.name }}"}},
}


def node(id: str, kind: str, **data: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"id": id, "type": kind, "data": data}


def edge(source: str, handle: str, target: str) -> dict[str, str]:
    return {"id": f"{source} {handle}", "source": source, "sourceHandle": handle, "target": target}


def journey(version: int = 1, wait: str = "wait") -> dict[str, Any]:
    """Who orders leaves; who does not within three days gets a mail, in one of two arms."""
    return {
        "id": "orders",
        "version": version,
        "name": "Orders",
        "entry": {"trigger": {"type": "api"}},
        "settings": {"seed": 3},
        "nodes": [
            node("in", "entry"),
            node(wait, "wait", until="event", event="order", timeout={"amount": 3, "unit": "day"}),
            node("is", "segment", filter=cvm.Filter("tier = 'gold'")),
            node("arms", "split", experiment="hello", arms=[{"name": "mail", "percent": 100}]),
            node("mail", "send", channel="email", template="hello"),
            node("ordered", "end", reason="ordered"),
            node("asked", "end", reason="asked"),
        ],
        "edges": [
            edge("in", "next", wait),
            edge(wait, "happened", "ordered"),
            edge(wait, "timeout", "is"),
            edge("is", "yes", "ordered"),
            edge("is", "no", "arms"),
            edge("arms", "mail", "mail"),
            edge("mail", "next", "asked"),
        ],
    }


@pytest.fixture
def shop(tmp_path: Path) -> cvm.Engine:
    (tmp_path / "shop.csv").write_text(CUSTOMERS)
    (tmp_path / "orders.csv").write_text("customer,at,amount\n1,2026-11-04T10:00:00Z,20\n")
    engine = cvm.Engine("2026-12-01")
    engine.load_customers(tmp_path / "shop.csv", "id")
    engine.load_events(tmp_path / "orders.csv", "customer", "order", "at")
    return engine


def order(key: int, at: str, **beside: str) -> list[dict[str, Any]]:
    return [{"key": key, "event": "order", "time": at, "properties": {"amount": 5}, **beside}]


def counted(told: Any, name: str) -> Any:  # noqa: ANN401
    return next(node for node in told if node["node"] == name)


def test_it_runs_in_memory(shop: cvm.Engine) -> None:
    journeys = shop.journeys(templates=[HELLO])
    assert (journeys.status("orders"), journeys.journey("orders"), journeys.wake()) == (None, None, None)
    assert [found["severity"] for found in journeys.validate(journey(), START)] != ["error"]
    journeys.publish(journey(), now=START)
    journeys.enrol("orders", [1, 2, 3], START)
    assert journeys.wake() == dt.datetime(2026, 12, 4, 9, tzinfo=dt.timezone.utc)
    until = "2026-12-04T09:00:00Z"
    assert journeys.positions(1) == [{"journey": "orders", "version": 1, "node": "wait", "entry": 1, "until": until}]
    fed = journeys.feed(order(1, "2026-12-02T10:00:00Z", id="a"), "2026-12-02T10:00:00Z")
    assert fed == {"events": 1, "changed": 0, "new": 0, "repeated": 0, "left_out": 0}
    assert journeys.feed(order(1, "2026-12-02T10:00:00Z", id="a"), "2026-12-02T10:00:01Z")["repeated"] == 1
    journeys.pause("orders", "2026-12-02T11:00:00Z")
    assert journeys.status("orders") == "paused"
    journeys.resume("orders", "2026-12-02T12:00:00Z")
    # Customer 1 ordered, 3 is gold, 2 gets the mail.
    journeys.tick(LATER)
    polled = journeys.poll("email", now=LATER)
    assert polled["unmade"] == []
    [message] = polled["messages"]
    assert (message["customer"], message["parts"]["subject"]) == ("2", "Hello <Alan>")
    assert message["parts"]["html"] == "<p>&lt;Alan&gt;"
    assert journeys.poll(["sms", "email"], 5, 60, LATER)["messages"] == []
    journeys.acknowledge(message["receipt"], "again", LATER, after="2026-12-04T09:10:00Z")
    journeys.tick("2026-12-04T09:11:00Z")
    [again] = journeys.poll(now="2026-12-04T09:11:00Z")["messages"]
    assert (again["key"], again["attempt"]) == (message["key"], 2)
    journeys.acknowledge([again["receipt"]], now="2026-12-04T09:11:01Z")
    opened = journeys.feed(order(2, "2026-12-04T09:20:00Z", message=again["key"]), "2026-12-04T09:20:00Z")
    assert opened["events"] == 1

    told = journeys.statistics("orders")
    assert (told["entered"], told["waiting"], told["left"]) == (3, 0, {"asked": 1, "ordered": 2})
    assert counted(told["nodes"], "wait")["left"] == {"happened": 1, "timeout": 2}
    mail = counted(told["nodes"], "mail")
    assert (mail["handed"], mail["done"], mail["events"], mail["held"]) == (2, 1, {"order": 1}, {})
    assert journeys.exposures("orders").to_dicts() == [
        {
            "customer": 2,
            "node": "arms",
            "arm": "mail",
            "version": 1,
            "at": dt.datetime(2026, 12, 4, 9, tzinfo=dt.timezone.utc),
        }
    ]
    way = journeys.explain(2)
    assert way[0] == {"at": "2026-12-01T09:00:00Z", "journey": "orders", "step": "entered", "entry": 1, "version": 1}
    assert (way[-1]["step"], way[-1]["reason"]) == ("left", "asked")
    assert journeys.svg("orders").startswith("<svg")
    journeys.stop("orders", "2026-12-05T09:00:00Z")
    assert journeys.status("orders") == "stopped"
    assert repr(journeys) == "<cvm.Journeys: 1 published, nothing is due>"


def test_versions_and_who_is_in_them(shop: cvm.Engine) -> None:
    journeys = shop.journeys(templates=HELLO_TEXT)
    journeys.publish(journey(), now=START)
    journeys.enrol("orders", [1, 2], START)
    assert journeys.preview(journey(2)) == [{"version": 1, "node": "wait", "customers": 2, "fate": "pinned"}]
    there = [{"version": 1, "node": "wait", "customers": 2, "fate": "move", "to": "pause"}]
    assert journeys.preview(journey(2, "pause"), {"wait": "pause"}) == there
    assert journeys.preview(journey(2, "pause"), "follow")[0]["fate"] == "homeless"
    with pytest.raises(cvm.JourneyError, match=r"`wait` \(2\)") as caught:
        journeys.publish(journey(2, "pause"), "follow", START)
    assert caught.value.code == "CVM_JOURNEY_REFUSED"
    journeys.publish(journey(2, "pause"), {"wait": "pause"}, START)
    told = journeys.statistics("orders")
    moved = [(one["version"], one["node"], one["moved_in"], one["moved_out"]) for one in told["nodes"]]
    assert (1, "wait", 0, 2) in moved
    assert (2, "pause", 2, 0) in moved
    newest = journeys.journey("orders")
    assert newest is not None
    assert (newest["version"], told["version"]) == (2, 2)
    with pytest.raises(cvm.JourneyError, match="does not say what becomes of customers") as caught:
        journeys.publish(journey(3), "flollow", START)  # type: ignore[arg-type]
    assert caught.value.path == "/people"


HELLO_TEXT = json.dumps([HELLO])


def test_a_folder_is_closed_and_opened_again(shop: cvm.Engine, tmp_path: Path) -> None:
    folder = tmp_path / "journeys"
    with shop.journeys(folder, templates=[HELLO]) as journeys:
        journeys.publish(journey(), now=START)
        journeys.enrol("orders", [2], START)
        with pytest.raises(cvm.JourneyFolderError, match="is open in another") as taken:
            shop.journeys(folder)
        assert isinstance(taken.value, OSError)
        assert taken.value.code == "CVM_JOURNEY_STORE"
        with pytest.raises(cvm.JourneyFolderError, match="365 days forward"):
            journeys.tick("2027-12-01T09:00:00Z")
    assert repr(journeys) == "<cvm.Journeys: closed>"
    with pytest.raises(cvm.JourneyError, match="are closed"):
        journeys.tick(START)
    journeys.close()
    again = shop.journeys(str(folder), templates=[HELLO])
    assert again.ids == ["orders"]
    assert again.positions(2)[0]["node"] == "wait"
    again.allow_jump("2027-01-01")
    again.tick("2026-12-20T09:00:00Z")
    [message] = again.poll(now="2026-12-20T09:00:00Z")["messages"]
    assert message["customer"] == "2"
    assert len(again.exposures("orders")) == 1


def test_a_simulation_shows_itself(shop: cvm.Engine) -> None:
    told = shop.simulate(
        journey() | {"entry": {"trigger": {"type": "segment", "filter": cvm.Filter("everyone")}}},
        start="2026-11-01",
        days=10,
        customer=2,
    )
    # 1 orders on the fourth day: the wait of three days is over by then; 3 is gold.
    assert (told.customers, told.entered, told.left) == (3, 3, {"asked": 2, "ordered": 1})
    assert counted(told.nodes, "wait")["by_day"][0] == 3
    assert [sum(day.values()) for day in told.messages] == [0, 0, 0, 2, 0, 0, 0, 0, 0, 0]
    assert told.most == {"customer": "1", "messages": 1, "in_a_day": 1}
    assert told.arms == {"arms": {"mail": 2}}
    assert (told.start, told.until) == tuple(dt.datetime(2026, 11, d, tzinfo=dt.timezone.utc) for d in (1, 11))
    assert (str(told.cost), told.refused, told.reached) == ("0", {}, {})
    assert told.path[0]["step"] == "entered"
    assert told.path[0]["at"] == "2026-11-01T00:00:00Z"
    assert told.steps > 10
    assert told.to_dict()["nodes"] == told.nodes
    assert told.journey["id"] == "orders"
    assert told.svg() == told._repr_svg_()
    assert told.svg() in told._repr_html_()
    assert "<td>happened 0, timeout 3</td>" in told._repr_html_()
    assert repr(told) == "<cvm.Simulation: orders, 10 days, 3 of 3 customers entered, 2 messages>"
    nobody = shop.simulate(told.journey, start="2026-11-01", days=10, failed=100, events=False, seed=9)
    assert counted(nobody.nodes, "mail")["failed"] == 2
    assert nobody.most is None
    sure = [{"event": "order", "percent": 100, "within": {"amount": 1, "unit": "day"}, "after": "mail"}]
    assert shop.simulate(told.journey, start="2026-11-01", days=10, assume=sure).entered == 3


def test_what_is_wrong_is_said_with_places_and_put_right(shop: cvm.Engine) -> None:
    assert [found for found in shop.check_journey(journey()) if found["severity"] == "error"] == []
    wrong = journey()
    wrong["edges"].append(edge("mail", "next", "mail"))
    found = next(found for found in shop.check_journey(wrong) if found["severity"] == "error" and found.get("fix"))
    assert found["code"].startswith("CVM_JOURNEY_")
    assert found["path"]
    right, undo = cvm.edit_journey(wrong, found["fix"])
    assert right != wrong
    back, _ = cvm.edit_journey(right, undo)
    assert back["edges"] == wrong["edges"]

    class Drawn:
        def to_json(self) -> str:
            return json.dumps({"id": "x"})

    with pytest.raises(cvm.JourneyError) as caught:
        shop.simulate(Drawn())
    assert caught.value.code == "CVM_JOURNEY_JSON"
    assert caught.value.findings == shop.check_journey(Drawn())
    filters = [{"id": "gate", "type": "segment", "data": {"filter": cvm.Filter("agee = 1")}}]
    unknown = journey() | {"nodes": [*journey()["nodes"], *filters]}
    codes = {(found["code"], found["path"]) for found in shop.check_journey(unknown)}
    assert ("CVM_JOURNEY_FILTER", "/nodes/7/data/filter/field") in codes


def test_what_is_given_wrong_has_its_place(shop: cvm.Engine) -> None:
    journeys = shop.journeys(templates=[HELLO])
    journeys.publish(journey(), now=START)
    none = "0" * 32
    cases: list[tuple[Any, str, str]] = [
        (lambda: shop.simulate(journey(), offers=[{"id": 3}]), "/offers/0/id", "expected a string"),
        (lambda: shop.simulate(journey(), failed=101), "/failed", "100"),
        (lambda: shop.simulate(journey(), customer=9), "/customer", "no customer with the key `9`"),
        (lambda: shop.simulate(journey(), days=0), "", "1 to 3,660 days"),
        (lambda: shop.journeys(templates=[{"id": "x"}]), "/templates/0", "missing field `content`"),
        (lambda: journeys.enrol("orders", [1, 9], START), "/1", "no customer with the key `9`"),
        (lambda: journeys.enrol("order", [1], START), "", "no journey `order`"),
        (lambda: journeys.feed([{"key": 1, "erase": True}], START), "/0/erase", "can't forget"),
        (lambda: journeys.feed(order(1, START, message=none), START), "/0/message", none),
        (lambda: journeys.acknowledge(["x"], now=START), "/0", "`x` is no receipt"),
        (lambda: journeys.acknowledge([], "dnoe", START), "/outcome", "`dnoe` is no outcome"),  # type: ignore[arg-type]
        (lambda: journeys.statistics("order"), "", "no journey `order`"),
        (lambda: journeys.exposures("order"), "", "no journey `order`"),
        (lambda: journeys.positions(9), "", "no customer with the key `9`"),
        (lambda: cvm.edit_journey(journey(), [{"type": "remove_node", "id": "x"}]), "/edits/0", "no node `x`"),
        (lambda: cvm.edit_journey(journey(), [{"type": "x"}]), "/edits/0/type", "unknown variant"),
        (lambda: cvm.journey_svg(journey(), {"in": {"enterd": 1}}), "/flow/in/enterd", "unknown field"),
    ]
    for ask, path, message in cases:
        with pytest.raises(cvm.JourneyError) as caught:
            ask()
        assert caught.value.path == path, message
        assert message in str(caught.value)
    with pytest.raises(cvm.FilterError) as wrong:
        journeys.feed([{"key": 1, "fields": {"teir": "x"}}], START)
    assert wrong.value.path == "/0/fields/teir"
    with pytest.raises(TypeError, match="a str or a list"):
        journeys.poll(3)  # type: ignore[arg-type]
    assert journeys.statistics("orders")["entered"] == 0


def test_journeys_are_documents(shop: cvm.Engine) -> None:
    picture = cvm.journey_to_react_flow(journey())
    assert picture["nodes"][0]["position"] != picture["nodes"][-1]["position"]
    again = cvm.journey_from_react_flow(picture, "orders", "Orders", journey()["entry"])
    assert [node["id"] for node in again["nodes"]] == [node["id"] for node in journey()["nodes"]]
    assert set(again["layout"]) == {node["id"] for node in again["nodes"]}
    with pytest.raises(cvm.JourneyError, match="a picture has a list of `edges`"):
        cvm.journey_from_react_flow({"nodes": []}, "x", "X", journey()["entry"])
    assert cvm.journey_svg(journey()).startswith("<svg")
    flow = {"mail": {"entered": 12, "waiting": 0, "left": {"next": 12}}}
    assert "12" in cvm.journey_svg(json.dumps(journey(), default=lambda f: f.to_dict()), flow)
    assert cvm.journey_schema()["title"] == "Journey"
    named, undo = cvm.edit_journey(journey(), [{"type": "set_name", "name": "Winter"}])
    assert (named["name"], undo) == ("Winter", [{"type": "set_name", "name": "Orders"}])


def test_many_threads_tell_it(tmp_path: Path) -> None:
    (tmp_path / "many.csv").write_text("id,tier\n" + "".join(f"{key},basic\n" for key in range(400)) + "400,gold\n")
    engine = cvm.Engine("2026-12-01")
    engine.load_customers(tmp_path / "many.csv", "id")
    (tmp_path / "orders.csv").write_text("customer,at,amount\n1,2026-11-04T10:00:00Z,20\n")
    engine.load_events(tmp_path / "orders.csv", "customer", "order", "at")
    hello = HELLO | {"content": {"email": {"subject": "Hello", "html": "<p>Hello"}}}
    journeys = engine.journeys(templates=[hello])
    journeys.publish(journey(), now=START)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: journeys.enrol("orders", [key], START), range(400)))
        list(threads.map(lambda key: journeys.feed(order(key, START), START), range(0, 400, 2)))
    journeys.tick(LATER)
    with ThreadPoolExecutor(8) as threads:
        polled = list(threads.map(lambda _: journeys.poll(limit=10, now=LATER)["messages"], range(40)))
    # Each is handed out once.
    assert sorted(int(one["customer"]) for messages in polled for one in messages) == list(range(1, 400, 2))
    told = journeys.statistics("orders")
    assert (told["entered"], told["left"], told["waiting"]) == (400, {"ordered": 200}, 200)

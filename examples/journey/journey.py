"""A journey over a made shop: drawn, checked, simulated over 60 days, and run.

``python examples/journey/journey.py`` runs all of it and writes a picture (``PICTURE=path.svg``, ``journey.svg`` if not
said); editors that know ``# %%`` show it as a notebook.
"""

# %% A shop, always the same one.
from __future__ import annotations

import csv
import datetime as dt
import os
import random
import tempfile
from pathlib import Path

import cvm

NOW = dt.datetime(2026, 12, 1, 8, tzinfo=dt.timezone.utc)
MANY = int(os.environ.get("CUSTOMERS", "2000"))


def shop(folder: Path) -> cvm.Engine:
    """Make customers and orders, and load them."""
    draw = random.Random(7)
    with (folder / "customers.csv").open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(["customer_id", "name", "age", "consent"])
        for key in range(1, MANY + 1):
            write.writerow([key, f"Customer {key}", draw.randint(16, 85), draw.choice(["true"] * 4 + ["false"])])
    with (folder / "orders.csv").open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(["customer_id", "at", "amount"])
        for key in range(1, MANY + 1):
            for _ in range(draw.choice([0, 0, 1, 1, 2, 5])):
                at = NOW - dt.timedelta(minutes=draw.randint(1, 120 * 24 * 60))
                write.writerow([key, at.isoformat(), f"{draw.randint(500, 20_000) / 100:.2f}"])
    engine = cvm.Engine(as_of=NOW)
    engine.load_customers(folder / "customers.csv", "customer_id")
    engine.load_events(folder / "orders.csv", "customer_id", "order", "at", table="orders")
    return engine


with tempfile.TemporaryDirectory() as folder:
    engine = shop(Path(folder))
    engine.prepare()

# %% Entry → Segment → Wait → Send Offer → Wait → Branch → End.
ORDERED = cvm.Filter("count(order within last 3 days) >= 1")


def edge(source: str, outcome: str, target: str) -> dict[str, str]:
    """Lead from an outcome of a node to another node."""
    return {"id": f"{source} {outcome}", "source": source, "sourceHandle": outcome, "target": target}


journey = {
    "id": "win-back",
    "name": "Win back",
    "entry": {
        "trigger": {
            "type": "segment",
            "filter": cvm.Filter("count(order) >= 1 and count(order within last 30 days) = 0"),
        }
    },
    "settings": {
        "consent": {"email": cvm.Filter("consent = true")},
        "zone": {"fallback": "Europe/Paris"},
        "quiet_hours": [{"from": "21:00", "to": "08:00"}],
        "goals": [{"name": "ordered again", "filter": ORDERED, "leave": False}],
        "holdout": 5,
        "seed": 7,
    },
    "nodes": [
        {"id": "in", "type": "entry"},
        {"id": "adults", "type": "segment", "data": {"filter": cvm.Filter("age >= 18")}},
        {"id": "pause", "type": "wait", "data": {"until": "duration", "duration": {"amount": 2, "unit": "day"}}},
        {"id": "offer", "type": "send", "data": {"channel": "email", "template": "miss you", "offer": "ten"}},
        {"id": "think", "type": "wait", "data": {"until": "duration", "duration": {"amount": 3, "unit": "day"}}},
        {"id": "ordered", "type": "branch", "data": {"cases": [{"name": "yes", "filter": ORDERED}]}},
        {"id": "won", "type": "end", "data": {"reason": "ordered"}},
        {"id": "over", "type": "end", "data": {"reason": "no order"}},
        {"id": "young", "type": "end", "data": {"reason": "too young"}},
    ],
    "edges": [
        edge("in", "next", "adults"),
        edge("adults", "yes", "pause"),
        edge("adults", "no", "young"),
        edge("pause", "next", "offer"),
        edge("offer", "next", "think"),
        edge("think", "next", "ordered"),
        edge("ordered", "yes", "won"),
        edge("ordered", "default", "over"),
    ],
}
offers = [{"id": "ten", "name": "Ten percent", "benefit": {"type": "discount_percent", "percent": 10}, "cost": "0.80"}]
templates = [
    {
        "id": "miss you",
        "content": {"email": {"subject": "We miss you, {{ customer.name }}", "html": "<p>Ten percent off: come back!"}},
    }
]

# %% What is worth a look, before anything starts.
for finding in engine.check_journey(journey, offers=offers):
    print(finding["severity"], finding["code"], finding["message"])

# %% 60 days on a virtual clock: what customers did in that time happens again, and 4 of 100 order because of the offer.
assume = [{"event": "order", "after": "offer", "percent": 4, "within": {"amount": 3, "unit": "day"}}]
simulation = engine.simulate(journey, days=60, offers=offers, assume=assume)
print(simulation)
for node in simulation.nodes:
    print(f"{node['node']:<8} {node['entered']:>6} came, {node['done']:>6} sent, went on: {node['left']}")
print(f"left: {simulation.left}; the offers cost {simulation.cost}")
picture = Path(os.environ.get("PICTURE", "journey.svg"))
picture.write_text(simulation.svg(), encoding="utf-8")
print(f"a picture is in {picture}")

# %% For real, in memory (`engine.journeys("folder")` keeps it through crashes): publish, and time goes by.
journeys = engine.journeys(offers=offers, templates=templates)
journeys.publish(journey, now=NOW)
journeys.tick(NOW)
due = NOW + dt.timedelta(days=2)
journeys.tick(due)
messages = journeys.poll("email", limit=10_000, now=due)["messages"]
print(f"{len(messages)} messages; the first: {messages[0]['parts']['subject']}")

# %% Say what became of them; the first customer opens the mail and orders.
journeys.acknowledge([message["receipt"] for message in messages], now=due)
first, later = messages[0], due + dt.timedelta(hours=3)
order = {"key": int(first["customer"]), "event": "order", "time": later, "properties": {"amount": 25}}
journeys.feed([order | {"id": "order 1", "message": first["key"]}], now=later)
journeys.tick(due + dt.timedelta(days=3))
statistics = journeys.statistics("win-back")
print(f"entered: {statistics['entered']}, left: {statistics['left']}, reached: {statistics['reached']}")
for step in journeys.explain(int(first["customer"])):
    print(step["at"], step["step"], step.get("node", ""))

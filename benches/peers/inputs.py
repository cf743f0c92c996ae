"""What optimisers are given: for each set its statements, and the tables that they speak of."""

import json
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
SETS = ("fold", "redundant")
TYPES = {
    "bool": "BOOLEAN",
    "int": "BIGINT",
    "float": "DOUBLE",
    "string": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "list<string>": "VARCHAR[]",
}


@dataclass
class Set:
    """A set of statements over one table."""

    name: str
    catalog: str
    statements: list[str]

    def columns(self) -> dict[str, str]:
        """The table's columns: name to type, with NOT NULL."""
        fields = self._customers()["fields"]
        return {field["name"]: type_of(field["type"], field.get("nullable", True)) for field in fields}

    def table(self) -> str:
        """The table's name, with its schema."""
        return self._customers()["table"]

    def _customers(self) -> dict:
        return json.loads((DATA / self.catalog).read_text(encoding="utf-8"))["customers"]


def type_of(name: str, nullable: bool) -> str:
    return TYPES.get(name, name.upper()) + ("" if nullable else " NOT NULL")


def sets(directory: Path, statement: str) -> list[Set]:
    """The big filter, as the file `statement` says it, and the sets of predicates that are there."""
    big = (directory / statement).read_text(encoding="utf-8").strip()
    found = [Set("filter", "catalog.json", [big])]
    for name in SETS:
        file = directory / f"{name}.sql"
        if file.exists():
            lines = file.read_text(encoding="utf-8").splitlines()
            found.append(Set(name, "predicates.json", [f"SELECT id FROM t WHERE {line}" for line in lines]))
    return found

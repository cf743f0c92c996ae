"""Customers, events and related rows with every value that databases are known to disagree on."""

from __future__ import annotations

from .catalog import catalog
from .rows import data
from .tables import TABLES, Data, Row, Table, arrow
from .values import AS_OF, AS_OF_TEXT, ZONE

__all__ = ["AS_OF", "AS_OF_TEXT", "TABLES", "ZONE", "Data", "Row", "Table", "arrow", "catalog", "data"]

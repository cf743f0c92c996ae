"""One small audience for all tests."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import cvm
import pytest

CUSTOMERS = """id,age,city,joined,spent,name
1,34,Paris,2024-01-05,10.50,<script>alert(1)</script>
2,,Lyon,2024-02-01,0.00,Bob
3,61,Paris,,99.95,
"""
EVENTS = """customer_id,kind,at,amount
1,purchase,2024-03-01T10:00:00Z,5.5
1,visit,2024-03-02T10:00:00Z,
3,purchase,2024-01-01T00:00:00Z,7
"""
AS_OF = datetime(2024, 3, 10, tzinfo=timezone.utc)


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS)
    return path


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS)
    return path


@pytest.fixture
def engine(customers: Path) -> cvm.Engine:
    engine = cvm.Engine(as_of=AS_OF)
    engine.load_customers(customers)
    return engine

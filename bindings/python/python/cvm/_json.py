"""How filters and catalogs become JSON: strictly, and with the types that Python programs hold values in."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def dumps(document: Any) -> str:  # noqa: ANN401
    """JSON of a dict; NaN and types without a JSON form are errors."""
    return json.dumps(document, allow_nan=False, default=_plain)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, datetime.datetime) and value.utcoffset() is None:
        msg = f"{value!r} has no time zone: which instant it is would be a guess; add one, or write an ISO 8601 text"
        raise ValueError(msg)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    # Scalars of numpy, pyarrow and their kin.
    for method in ("item", "as_py"):
        if hasattr(value, method):
            return getattr(value, method)()
    if hasattr(value, "to_dict"):
        return value.to_dict()
    msg = f"a filter can't hold a {type(value).__name__}"
    raise TypeError(msg)

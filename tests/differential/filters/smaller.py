"""Filters that are one step smaller: for finding the smallest that still shows a difference."""

from __future__ import annotations

from typing import Any

from .conditions import Filter

_INNER = ("child", "where", "among", "without", "by")
_OPTIONAL = ("where", "window", "among", "missing", "per", "without", "within", "case")


def smaller(f: Filter) -> list[Filter]:
    """Every filter one step smaller; some may not be valid."""
    found: list[Filter] = []
    if f.get("type") == "not":
        found.append(f["child"])
    if "children" in f:
        found += f["children"]
        if f["type"] == "at_least" and f["n"] > 1:
            found.append({**f, "n": f["n"] - 1})
    for key in _OPTIONAL:
        # The second step of a restarted customer has a `within` that must stay: the checker says so.
        if key in f:
            found.append({k: v for k, v in f.items() if k != key})
    for key in ("children", "steps"):
        parts = f.get(key, [])
        if len(parts) > 1:
            found += [{**f, key: parts[:i] + parts[i + 1 :]} for i in range(len(parts))]
        for i, part in enumerate(parts):
            found += [{**f, key: [*parts[:i], less, *parts[i + 1 :]]} for less in smaller(part)]
    for key in _INNER:
        if isinstance(f.get(key), dict):
            found += [{**f, key: less} for less in smaller(f[key])]
    found += _values(f)
    return found


def _values(f: Filter) -> list[Filter]:
    """Fewer values in lists, plainer windows."""
    value: Any = f.get("value")
    found: list[Filter] = []
    if isinstance(value, list) and len(value) > 1 and "between" not in f.get("op", ""):
        found += [{**f, "value": value[:i] + value[i + 1 :]} for i in range(len(value))]
    if "measure" in f and "op" in f and f["measure"] != {"count": {}} and isinstance(value, (int, float)):
        found.append({**f, "measure": {"count": {}}})
    return found

"""Filters as values."""

from __future__ import annotations

import copy
import pickle

import cvm
import pytest


def test_forms() -> None:
    f = cvm.Filter("age >= 25 and city != 'X'")
    assert f == cvm.Filter(f) == cvm.Filter(f.to_dict()) == cvm.Filter(f.to_json())
    assert f == cvm.Filter.from_json(f.to_json()) == cvm.Filter.from_text(f.to_text())
    assert str(f) == f.to_text() == "age >= 25 and city != 'X'"
    assert repr(f) == """Filter("age >= 25 and city != 'X'")"""
    assert f.leaf_count == 2


def test_algebra() -> None:
    a, b = cvm.Filter("a = 1"), cvm.Filter("b = 2")
    assert a & b == cvm.Filter("a = 1 and b = 2")
    assert a | b == cvm.Filter("a = 1 or b = 2")
    assert ~a == cvm.Filter("not a = 1")
    with pytest.raises(TypeError):
        a & 3  # type: ignore[operator]


def test_equality_and_hash() -> None:
    a = cvm.Filter("a = 1")
    assert a != cvm.Filter("a = 2")
    assert a != "a = 1"
    assert len({a, cvm.Filter("a = 1"), cvm.Filter("a = 2")}) == 2
    zero, minus = cvm.Filter("a = 0.0"), cvm.Filter("a = -0.0")
    assert zero != minus or hash(zero) == hash(minus)


def test_copies() -> None:
    a = cvm.Filter("a = 1 or not b contains 'é'")
    assert copy.deepcopy(a) == a
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(a, protocol)) == a


def test_frozen() -> None:
    a = cvm.Filter("a = 1")
    with pytest.raises(AttributeError):
        a.leaf_count = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        a.other = 3  # type: ignore[attr-defined]

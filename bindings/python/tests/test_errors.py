"""What is raised, and what it says."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import cvm
import pytest

Ask = Callable[[cvm.Engine, Path], object]
CASES: list[tuple[Ask, type[cvm.CvmError], type[Exception], str, str]] = [
    (lambda e, _: e.count("agee > 3"), cvm.FilterError, ValueError, "CVM_UNKNOWN_FIELD", "did you mean `age`?"),
    (lambda e, _: e.count("age >"), cvm.FilterError, ValueError, "CVM_VALUE_COUNT", "line 1, column 6"),
    (lambda e, _: e.explain("everyone", 9), cvm.UnknownCustomerError, LookupError, "CVM_UNKNOWN_CUSTOMER", "9"),
    (lambda e, _: e.sql("age > 3", "oracle"), cvm.OptionError, ValueError, "CVM_UNKNOWN_OPTION", "known: postgresql"),  # type: ignore[arg-type]
    (
        lambda e, _: e.sql("name matches 'a'", "sqlite"),
        cvm.NotSupportedError,
        NotImplementedError,
        "CVM_NOT_SUPPORTED",
        "regular expressions",
    ),
    (
        lambda e, d: e.load_customers(d / "customer.csv"),
        cvm.SourceNotFoundError,
        FileNotFoundError,
        "CVM_SOURCE_NOT_FOUND",
        "customer.csv",
    ),
    (lambda e, d: e.load_customers(d / "customers.xlsx"), cvm.SourceError, OSError, "CVM_SOURCE_KIND", "known endings"),
    (
        lambda e, d: e.load_customers(d / "customers.csv", "city"),
        cvm.DataError,
        ValueError,
        "CVM_KEY_NOT_UNIQUE",
        "`Paris` 2 times",
    ),
    (
        lambda _, __: cvm.Engine().count("everyone"),
        cvm.EngineError,
        RuntimeError,
        "CVM_NOTHING_LOADED",
        "load_customers",
    ),
    (lambda _, __: cvm.Engine(timezone="Mars"), cvm.OptionError, ValueError, "CVM_UNKNOWN_OPTION", "`Mars`"),
]


@pytest.mark.parametrize(("ask", "kind", "builtin", "code", "text"), CASES)
def test_class_code_and_text(
    engine: cvm.Engine,
    customers: Path,
    ask: Ask,
    kind: type[cvm.CvmError],
    builtin: type[Exception],
    code: str,
    text: str,
) -> None:
    (customers.parent / "customers.xlsx").touch()
    with pytest.raises(cvm.CvmError) as caught:
        ask(engine, customers.parent)
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, builtin)
    assert error.code == code
    assert text in str(error)
    assert error.diagnostics[0]["code"] == code
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.code, again.diagnostics) == (kind, str(error), code, error.diagnostics)


def test_all_findings_at_once(engine: cvm.Engine) -> None:
    with pytest.raises(cvm.FilterError) as caught:
        engine.count("agee > 3 or citty = 'x'")
    assert caught.value.path == "/children/0/field"
    assert [finding["path"] for finding in caught.value.diagnostics] == ["/children/0/field", "/children/1/field"]
    assert [finding["suggestion"] for finding in caught.value.diagnostics] == ["age", "city"]


def test_a_failed_load_changes_nothing(engine: cvm.Engine, customers: Path) -> None:
    with pytest.raises(cvm.DataError):
        engine.load_customers(customers, "city")
    assert engine.count("everyone") == 3


def test_wrong_types_are_named(engine: cvm.Engine) -> None:
    with pytest.raises(TypeError, match=r"a filter is .* not int"):
        engine.count(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"a source is .* not list"):
        engine.load_customers([{"id": 1}])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="progress"):
        engine.load_customers("x.csv", progress=3)  # type: ignore[arg-type]

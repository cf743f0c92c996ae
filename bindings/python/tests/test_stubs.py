"""The stub, the package and the compiled module say the same."""

from __future__ import annotations

import ast
import doctest
import inspect
from pathlib import Path

import cvm
import pytest
from cvm import _cvm

STUB = ast.parse(Path(cvm.__file__).with_name("_cvm.pyi").read_text())
CLASSES = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}
PUBLIC = sorted(name for name in vars(_cvm) if not name.startswith("_") or name == "__version__")
JOURNEY = {
    "id": "nothing",
    "name": "Nothing",
    "entry": {"trigger": {"type": "api"}},
    "nodes": [{"id": "in", "type": "entry"}, {"id": "out", "type": "end"}],
    "edges": [{"id": "1", "source": "in", "sourceHandle": "next", "target": "out"}],
}
# Special methods that every stub inherits from `object`, or that are not for callers.
INHERITED = {"__doc__", "__module__", "__weakref__", "__repr__", "__str__", "__ne__", "__new__"}
INHERITED |= {"__lt__", "__le__", "__gt__", "__ge__", "__rand__", "__ror__"}


def test_every_name_is_exported_and_documented() -> None:
    assert set(PUBLIC) <= set(cvm.__all__)
    assert sorted(cvm.__all__) == sorted(set(cvm.__all__))
    for name in PUBLIC:
        assert getattr(_cvm, name) is getattr(cvm, name)
        assert inspect.getdoc(getattr(_cvm, name)), name


@pytest.mark.parametrize("name", CLASSES)
def test_every_member_is_documented(name: str) -> None:
    for member, value in vars(getattr(_cvm, name)).items():
        if not member.startswith("_"):
            assert inspect.getdoc(value), f"{name}.{member}"


def test_stub_has_every_name() -> None:
    names = [
        node.target.id for node in STUB.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    functions = [node.name for node in STUB.body if isinstance(node, ast.FunctionDef)]
    assert sorted([*CLASSES, *functions, *names]) == PUBLIC


@pytest.mark.parametrize("name", CLASSES)
def test_stub_has_every_member(name: str) -> None:
    compiled = {member for member in vars(getattr(_cvm, name)) if member not in INHERITED}
    written = {node.name for node in CLASSES[name].body if isinstance(node, ast.FunctionDef)}
    assert written - {"__new__"} == compiled


@pytest.mark.parametrize("name", CLASSES)
def test_stub_has_every_signature(name: str) -> None:
    cls = getattr(_cvm, name)
    for node in CLASSES[name].body:
        if not isinstance(node, ast.FunctionDef) or (node.name.startswith("__") and node.name != "__new__"):
            continue
        if any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list):
            assert inspect.isgetsetdescriptor(vars(cls)[node.name]), f"{name}.{node.name}"
            continue
        found = inspect.signature(cls if node.name == "__new__" else getattr(cls, node.name))
        assert _written(node) == [
            (p.name, p.kind is p.KEYWORD_ONLY, "" if p.default is p.empty else repr(p.default))
            for p in found.parameters.values()
            if p.name != "self"
        ], f"{name}.{node.name}"


def _written(node: ast.FunctionDef) -> list[tuple[str, bool, str]]:
    arguments = [argument for argument in node.args.args if argument.arg not in ("self", "cls")]
    missing: list[ast.expr | None] = [None] * (len(arguments) - len(node.args.defaults))
    positional = zip(arguments, [*missing, *node.args.defaults], strict=True)
    keywords = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    all_arguments = [(a, False, d) for a, d in positional] + [(a, True, d) for a, d in keywords]
    found = [(a.arg, keyword, "" if d is None else repr(ast.literal_eval(d))) for a, keyword, d in all_arguments]
    return [*found, *([(node.args.kwarg.arg, False, "")] if node.args.kwarg else [])]


def test_objects_are_frozen(engine: cvm.Engine) -> None:
    objects = [
        engine,
        cvm.Filter("age > 3"),
        engine.members("age > 3"),
        engine.sql("age > 3", "duckdb"),
        engine.optimize("age > 3"),
        engine.explain("age > 3", 1),
        cvm.implies("age > 3", "age > 2", engine.catalog),
        cvm.Matcher("age > 3", engine.catalog),
        engine.live(),
        engine.load_customers(engine.preview("everyone"), "id"),
        engine.journeys(),
        engine.simulate(JOURNEY, days=1),
    ]
    assert {type(value).__name__ for value in objects} == set(CLASSES)
    for value in objects:
        with pytest.raises(AttributeError):
            setattr(value, "anything", 1)  # noqa: B010
        for name, member in vars(type(value)).items():
            if inspect.isgetsetdescriptor(member) and not name.startswith("_"):
                with pytest.raises(AttributeError):
                    setattr(value, name, 1)


def test_doc_examples() -> None:
    readme = Path(__file__).parent.parent / "README.md"
    results = doctest.testfile(str(readme), module_relative=False)
    assert (results.failed, results.attempted > 10) == (0, True)
    for text in (cvm.__doc__, cvm.Filter.__doc__):
        parsed = doctest.DocTestParser().get_doctest(text or "", {"Filter": cvm.Filter}, "doc", None, 0)
        assert doctest.DocTestRunner().run(parsed).failed == 0

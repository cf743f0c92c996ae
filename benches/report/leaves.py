"""How many conditions an SQL condition has, counted alike whoever wrote it.

A condition is what stands between AND, OR and NOT: a comparison, IN, BETWEEN, LIKE, IS NULL, a function or column that
is true by itself. Constants are none. Inside a CASE the conditions of its branches count.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlglot import exp

# Which way a comparison bounds its column; `=` and `<>` list values.
KINDS = {exp.GT: "low", exp.GTE: "low", exp.LT: "high", exp.LTE: "high", exp.EQ: "is", exp.NEQ: "not"}
FLIPPED = {"low": "high", "high": "low"}


def leaves(node: exp.Expr) -> int:
    """As written."""
    if isinstance(node, exp.Connector):
        return sum(leaves(part) for part in operands(node))
    if isinstance(node, exp.Paren | exp.Not):
        return leaves(node.this)
    if isinstance(node, exp.Boolean | exp.Null):
        return 0
    return max(1, sum(leaves(condition) for condition in branches(node)))


def merged_leaves(node: exp.Expr) -> int:
    """The same, but spelling is forgiven: a pair of bounds of a column counts as one range, `=`s of a column that OR
    joins and `<>`s that AND joins as one list. BETWEEN and IN written out are then no larger than as they were.
    """
    if isinstance(node, exp.Paren | exp.Not):
        return merged_leaves(node.this)
    if not isinstance(node, exp.Connector):
        return max(1, sum(merged_leaves(condition) for condition in branches(node))) if leaves(node) else 0
    parts = list(operands(node))
    found = Counter(kind for kind in map(compared, parts) if kind)
    listing = "is" if isinstance(node, exp.Or) else "not"
    saved = 0
    for column in {column for column, _ in found}:
        saved += min(found[column, "low"], found[column, "high"]) + max(0, found[column, listing] - 1)
    return sum(map(merged_leaves, parts)) - saved


def operands(node: exp.Expr) -> Iterator[exp.Expr]:
    """What a chain of one connector joins, through parentheses."""
    waiting, kind = [node], type(node)
    while waiting:
        part = waiting.pop().unnest()
        if isinstance(part, kind):
            waiting += [part.right, part.left]
        else:
            yield part


def branches(node: exp.Expr) -> Iterable[exp.Expr]:
    for case in node.find_all(exp.Case):
        if case.this:
            yield case.this
        yield from (branch.this for branch in case.args["ifs"])


def compared(node: exp.Expr) -> tuple[str, str] | None:
    """The column that is compared with a constant, and which way."""
    kind = KINDS.get(type(node))
    if kind is None:
        return None
    left, right = node.this.unnest(), node.expression.unnest()
    if isinstance(left, exp.Column) and not right.find(exp.Column):
        return left.name, kind
    if isinstance(right, exp.Column) and not left.find(exp.Column):
        return right.name, FLIPPED.get(kind, kind)
    return None

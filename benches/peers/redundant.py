"""Random WHERE clauses with something to simplify, over the table of data/predicates.json.

Half are shapes that segments grow into when people edit them: ranges that overlap, lists that meet, alternatives with
a common part, a condition that another one implies, NOT around a group, tests for missing values. The other half are
random trees over two columns, in which such things come about by chance. One a line; the same seed, the same lines.
"""

import sys
from collections.abc import Callable
from random import Random

SEED = 20_261_124
COLUMNS = {
    "x": [str(n) for n in range(1, 10)],
    "y": [str(n) for n in range(1, 10)],
    "n": [str(n) for n in range(1, 10)],
    "f": ["0.5", "1.0", "1.5", "2.0", "2.5"],
    "s": ["'a'", "'ab'", "'abc'", "'b'", "'ba'", "''"],
}
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


def listed(random: Random, column: str) -> str:
    values = random.sample(COLUMNS[column], random.randint(2, 4))
    return f"{column} {random.choice(('IN', 'IN', 'NOT IN'))} ({', '.join(values)})"


def bounded(random: Random, column: str) -> str:
    low, high = sorted(random.sample(COLUMNS[column], 2))
    return f"{column} {random.choice(('BETWEEN', 'BETWEEN', 'NOT BETWEEN'))} {low} AND {high}"


def compared(random: Random, column: str) -> str:
    return f"{column} {random.choice(COMPARISONS)} {random.choice(COLUMNS[column])}"


def condition(random: Random, column: str) -> str:
    if column == "b":
        return random.choice(("b", "NOT b", "b = TRUE", "b IS NULL", "b IS NOT NULL"))
    kinds: list[Callable[[Random, str], str]] = [compared, compared, compared, listed, bounded]
    if random.random() < 0.12:
        return f"{column} {random.choice(('IS NULL', 'IS NOT NULL'))}"
    if column == "s" and random.random() < 0.4:
        return f"s {random.choice(('LIKE', 'LIKE', 'NOT LIKE'))} '{random.choice(('a', 'ab', 'b', ''))}%'"
    return random.choice(kinds)(random, column)


def joined(parts: list[str], word: str) -> str:
    return f" {word} ".join(part if part.isidentifier() else f"({part})" for part in parts)


def same_column(random: Random, one: str, _: str) -> str:
    return joined([condition(random, one) for _ in range(random.randint(2, 4))], random.choice(("AND", "OR")))


def common_part(random: Random, one: str, other: str) -> str:
    common = condition(random, one)
    return joined([joined([common, condition(random, other)], "AND") for _ in range(random.randint(2, 3))], "OR")


def implied(random: Random, one: str, other: str) -> str:
    inner, outer = random.choice((("OR", "AND"), ("AND", "OR")))
    return joined([condition(random, one), joined([condition(random, one), condition(random, other)], inner)], outer)


def negated(random: Random, one: str, other: str) -> str:
    group = joined([condition(random, column) for column in (one, other, one)], random.choice(("AND", "OR")))
    return joined([f"NOT ({group})", condition(random, one)], random.choice(("AND", "OR")))


def tree(random: Random, one: str, other: str, depth: int = 2) -> str:
    if depth == 0 or random.random() < 0.2:
        return condition(random, random.choice((one, other)))
    children = [tree(random, one, other, depth - 1) for _ in range(random.randint(2, 3))]
    group = joined(children, random.choice(("AND", "OR")))
    return f"NOT ({group})" if random.random() < 0.2 else group


def main() -> None:
    random = Random(SEED)
    shapes = (same_column, common_part, implied, negated)
    for number in range(int(sys.argv[1])):
        one, other = random.sample([*COLUMNS, "b"], 2)
        print(shapes[number // 2 % len(shapes)](random, one, other) if number % 2 else tree(random, one, other))


if __name__ == "__main__":
    main()

"""Documents with large and odd numbers, deep places, and keys that look alike."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from .values import TEXTS

#: Numbers as they are written: whole ones around what floats and 64 bits hold, and the many ways to write one.
NUMBERS = [
    "0", "-0", "0.0", "-0.0", "1", "1.0", "1e0", "10e-1", "100", "1e2", "100.0", "-1", "0.1", "0.10", "1e-7", "0.0000001",
    "0.30000000000000004", "1e300", "-1e300", "5e-324", "1.7976931348623157e308",
    "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993", "9007199254740992.0",
    "9223372036854775806", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775809",
    "12345678901234567890", "18446744073709551615", "18446744073709551616", "1e19", "100000000000000000000",
]
#: Keys that a careless reader takes for one, or for a part of a path.
KEYS = ["n", "N", "n ", "\u00e9", "e\u0301", "\U0001f980", "it's", "a b", "$", "*", "[0]", "-", "\u212a", "null"]


def facts(rng: random.Random) -> str:
    """A document; the empty key is there too, which no path names."""
    if rng.random() < 0.05:
        return rng.choice(["[]", "{}", "null", "9007199254740993", "-0.0", '"n"', "12345678901234567890"])

    def number() -> str:
        return rng.choice(NUMBERS)

    def anything() -> str:
        return rng.choice([number, number, number, lambda: _text(rng, rng.choice([*TEXTS, number()])), lambda: "null"])()

    def items() -> str:
        return "[" + ", ".join(anything() for _ in range(rng.randrange(4))) + "]"

    def deep() -> str:
        inner = rng.choice([number, anything, items])()
        for key in ("c", 0, "b", "a"):
            inner = f"[{inner}, 1]" if key == 0 else _object({str(key): inner, "": "1"}, rng)
        return inner

    parts: dict[str, Callable[[], str]] = {key: anything for key in rng.sample(KEYS, rng.randint(3, len(KEYS)))}
    parts |= {"list": items, "deep": deep, "": anything, "big": number}
    return _object({key: make() for key, make in parts.items() if rng.random() < 0.9}, rng)


def _object(parts: dict[str, str], rng: random.Random) -> str:
    keys = list(parts)
    rng.shuffle(keys)
    # Not all databases find a key that is not ASCII where it is written with escapes: a note says so.
    return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {parts[key]}" for key in keys) + "}"


def _text(rng: random.Random, text: str) -> str:
    return json.dumps(text, ensure_ascii=rng.random() < 0.5)

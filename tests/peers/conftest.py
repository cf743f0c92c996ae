"""What other tools make of a filter, and what ours makes of it: they must select the same customers.

To run: `npm ci` in this folder, then `python -m pytest tests/peers` from the root; `--cases 20000` for a long run,
`--seed` for another. It needs Node.js 20, cargo and pytest; what is missing is said and skipped.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--cases",
        type=int,
        default=3000,
        help="how many random queries and rules are tried",
    )
    parser.addoption("--seed", type=int, default=1, help="where they begin")


class Lines:
    """A program that answers each line with a line."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, **question: Any) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"no answer to {question}"
        return json.loads(line)

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


@pytest.fixture(scope="session")
def peers() -> Iterator[Lines]:
    """The other tools."""
    if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
        pytest.skip(
            "SKIPPED the peers: run `npm ci` in tests/peers with Node.js 20 or later"
        )
    program = Lines(["node", "peers.mjs"])
    yield program
    program.close()


@pytest.fixture(scope="session")
def ours() -> Iterator[Lines]:
    """The crate, behind its example `interop`."""
    if shutil.which("cargo") is None:
        pytest.skip("SKIPPED the peers: cargo is not installed")
    cargo = ["--quiet", "--locked", "--package", "cvm-core", "--example", "interop"]
    subprocess.run(["cargo", "build", *cargo], cwd=HERE, check=True)
    program = Lines(["cargo", "run", *cargo])
    yield program
    program.close()

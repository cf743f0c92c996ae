"""The examples in other languages than Rust run, and end in what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
JOURNEY = ROOT / "examples/journey"


@pytest.mark.parametrize("script", ["journey.py", "journey.mjs"])
def test_a_journey(script: str, tmp_path: Path) -> None:
    if script.endswith(".mjs") and not list((ROOT / "bindings/node").glob("*.node")):
        pytest.skip("SKIPPED: the Node package is not built: make node-package")
    command = [sys.executable if script.endswith(".py") else "node", str(JOURNEY / script)]
    environment = os.environ | {"CUSTOMERS": "500", "PICTURE": "picture.svg"}
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "picture.svg").read_text(encoding="utf-8").startswith("<svg")
    said = result.stdout
    # Nobody is lost: who was in the simulation's last node left, and the first customer's order was seen.
    came = {node: int(many) for node, many in re.findall(r"^(\w+) +(\d+) came", said, re.MULTILINE)}
    assert came["in"] > 100
    assert came["won"] > 0
    assert re.search(r"reached: \{.ordered again.: ?1\}", said)
    assert re.search(r"entered: .*, left: \{[^}]*.ordered.: ?1\b", said)
    assert said.rstrip().splitlines()[-1].endswith("left")

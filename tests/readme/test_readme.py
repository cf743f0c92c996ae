"""Every code block of the documents runs, and prints what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _blocks() -> list[tuple[str, str, str]]:
    found = []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]:
        before = ""
        for i, match in enumerate(FENCE.finditer(path.read_text(encoding="utf-8"))):
            kind, code = match[1], match[3]
            if kind == "python":
                # "```python continues" goes on where the block before it ended.
                code = before + code if match[2].strip() == "continues" else code
                before = code
            found.append((f"{path.name} block {i + 1} ({kind or 'text'})", kind, code))
    return found


BLOCKS = _blocks()
CSV = """\
customer_id,age,city,total_spent,signup_date,tags
1,34,Paris,120.50,2024-05-01,"[""vip"", ""new""]"
2,,Lyon,80.00,2023-11-30,"[""new""]"
3,61,Paris,,2022-01-15,"[""vip""]"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text(CSV, encoding="utf-8")
    return tmp_path


def test_there_are_blocks() -> None:
    kinds = {kind for _, kind, _ in BLOCKS}
    assert {"sh", "rust", "python", "js", "json"} <= kinds


@pytest.mark.parametrize(("kind", "code"), [pytest.param(k, c, id=n) for n, k, c in BLOCKS])
def test_block(kind: str, code: str, folder: Path) -> None:
    match kind:
        case "python":
            result = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=120)
            assert result.returncode == 0, result.stderr
            _prints_what_it_says(code, "#", result.stdout)
        case "js":
            node = ROOT / "bindings/node"
            if not list(node.glob("*.node")):
                pytest.skip("SKIPPED: the Node package is not built: make node-package")
            script = folder / "block.mjs"
            script.write_text(code.replace("'cvm-engine'", f"'{node}/index.js'"), encoding="utf-8")
            result = subprocess.run(["node", script], cwd=folder, capture_output=True, text=True, timeout=120)
            assert result.returncode == 0, result.stderr
            _prints_what_it_says(code, "//", result.stdout)
        case "rust":
            # The same block is an example of the facade's documentation, which `cargo test --doc` runs.
            included = (ROOT / "crates/cvm/src/lib.rs").read_text(encoding="utf-8")
            assert 'include_str!("../../../README.md")' in included
        case "json":
            import cvm

            assert cvm.Filter(code)
        case "sh":
            for line in code.strip().splitlines():
                _command_exists(line)
        case "sql":
            # Made from the filter above it, and compared with what the page says, by `cargo test -p cvm-sql --test docs`.
            assert code.startswith("SELECT ")
        case "text" | "":
            pass
        case other:
            pytest.fail(f"nothing runs blocks of kind `{other}`")


def _prints_what_it_says(code: str, comment: str, printed: str) -> None:
    """`print(x)  # 2` must print 2."""
    said = [line.rsplit(f"  {comment} ", 1)[1] for line in code.splitlines() if f"  {comment} " in line]
    for expected in said:
        assert expected in printed


def _command_exists(line: str) -> None:
    """`make target` must be a target (what it does is run by CI itself), other commands must be there."""
    words = [word for word in line.split("#")[0].split() if "=" not in word]
    if not words:
        return
    if words[0] == "make":
        text = (ROOT / "Makefile").read_text(encoding="utf-8")
        for target in words[1:]:
            assert re.search(rf"^{re.escape(target)}:", text, re.MULTILINE), f"no target {target}"
    else:
        assert shutil.which(words[0]) or words[0] == "cd", words[0]

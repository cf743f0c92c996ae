"""The machine and the versions, without names of hosts or paths."""

import json
import os
import re
import subprocess
from pathlib import Path


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def hardware() -> str:
    model = re.search(r"^Model name:\s*(.+)$", run("lscpu"), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model[1] if model else 'unknown CPU'}, {os.cpu_count()} cores, {memory:.0f} GiB, {os.uname().sysname}"


def crates() -> str:
    metadata = json.loads(run("cargo", "metadata", "--format-version", "1", "--locked"))
    wanted = ("cvm-core", "cvm-sql", "sqlparser", "serde_json", "criterion")
    versions = {package["name"]: package["version"] for package in metadata["packages"]}
    return ", ".join(f"{name} {versions[name]}" for name in wanted)


def versions(cache: Path) -> list[str]:
    npm = json.loads((cache / "package.json").read_text())["dependencies"]
    installed = (run(str(cache / venv / "bin/pip"), "freeze").split() for venv in ("plain", "compiled"))
    pip = sorted({pin for pins in installed for pin in pins if pin.startswith(("sqlglot", "datafusion"))})
    return [
        f"{run('rustc', '--version').split(' (')[0]}; {crates()}",
        f"node {run('node', '--version')}; {', '.join(f'{name} {version}' for name, version in npm.items())}",
        f"{run(str(cache / 'plain/bin/python'), '--version')}; {', '.join(pin.replace('==', ' ') for pin in pip)}",
    ]

"""Prints the predicates of a corpus of JSON lines, one a line."""

import json
import sys
from pathlib import Path

for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
    case = json.loads(line)
    if "sql" in case:
        print(case["sql"])

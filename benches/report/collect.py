"""Adds one line to rounds.jsonl: the median time per call of every bench of the round, in nanoseconds."""

import json
import sys
from pathlib import Path

cache = Path(sys.argv[1])
times: dict[str, float] = {}
for estimates in sorted((cache / "criterion").glob("*/*/new/estimates.json")):
    group, bench = estimates.parts[-4:-2]
    times[f"cvm/{group}/{bench}"] = json.loads(estimates.read_text())["median"]["point_estimate"]
for peer in ("node", "plain", "compiled", "plain_optimize", "compiled_optimize", "datafusion_optimize"):
    times |= json.loads((cache / f"{peer}.json").read_text())
with (cache / "rounds.jsonl").open("a") as rounds:
    rounds.write(json.dumps(times) + "\n")

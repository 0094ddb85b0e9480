"""`aeip bench [NAME…] [--json]`: measured in this process, on this machine, now."""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from agent.app import App, utc_now
from evals.bench.cascade import cascade_times
from evals.bench.chat import chat_times
from evals.bench.estimation import estimation_times
from evals.bench.knowledge import knowledge_times
from evals.bench.live import live_times
from evals.bench.loading import load_times
from evals.bench.pairs import pair_times
from evals.bench.queue import queue_times
from evals.bench.row import Row
from evals.bench.screening import large_times, pegase_times, screening_times
from evals.bench.thermal import thermal_times
from evals.bench.verdicts import verdict_times
from evals.doubles.fresh_app import fresh_app
from evals.studies.estimation_quality import quality
from grid_models.errors import AeipError

# The chat first: the others would leave it a warm cache.
BENCHES: dict[str, Callable[[App], list[Row]]] = {
    "chat": chat_times,
    "n1": screening_times,
    "verdict": verdict_times,
    "queue": queue_times,
    "n1-pegase": pegase_times,
    "n2": pair_times,
    "n1-large": large_times,
    "estimation": estimation_times,
    "live": live_times,
    "thermal": thermal_times,
    "cascade": cascade_times,
    "knowledge": knowledge_times,
    "estimation-quality": quality,
}
BY_NAME_ONLY = ("n1-large", "estimation-quality")  # minutes; the first takes gigabytes as well
LOAD = "load"


def run(args: list[str]) -> int:
    """Entry point of the command. 1 when something cannot be measured honestly, 2 for a usage error."""
    parser = argparse.ArgumentParser(prog="aeip bench", description="Measure speed, against peers in the same run.")
    parser.add_argument("name", nargs="*", help=f"{LOAD}, {', '.join(BENCHES)}; all when left out")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout and nothing else")
    try:
        asked = parser.parse_args(args)
    except SystemExit as end:  # argparse has said what is wrong, or shown the help
        return int(end.code or 0)
    if unknown := [n for n in asked.name if n not in (LOAD, *BENCHES)]:
        sys.stderr.write(f"There is no benchmark '{unknown[0]}'; {LOAD}, {', '.join(BENCHES)} exist.\n")
        return 2
    try:
        _report(measure(asked.name), as_json=asked.json)
    except AeipError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def measure(names: Sequence[str]) -> list[Row]:
    """All rows of the named benchmarks, on a fresh app whose plant runs."""
    with tempfile.TemporaryDirectory(prefix="aeip-bench-") as folder:
        work = Path(folder)
        (work / "same").mkdir()
        rows = load_times(work)  # also where it is not asked for: the app below must not pay for it
        with fresh_app(work / "data", work / "grids", now=utc_now) as app:
            chosen = [bench for name, bench in BENCHES.items() if name in names or (not names and name not in BY_NAME_ONLY)]
            found = [row for bench in chosen for row in bench(app)]
        return [*(rows if not names or LOAD in names else ()), *found]


def _report(rows: Sequence[Row], *, as_json: bool) -> None:
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    if as_json:
        print(json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}, ensure_ascii=False))
        return
    print(f"Python {machine['python']}, {machine['cores']} cores, {machine['system']}")
    for row in rows:
        print(f"{row.name:44} {row.value:9.3f} {row.unit:3} {row.how}")

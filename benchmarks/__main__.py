"""``python -m benchmarks [--small] [--write] [transition] [lifecycle]``: measure, print the ratios, write them down."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks import lifecycle, transition
from benchmarks.result import Result, write_json, write_table

_HERE = Path(__file__).resolve().parent
_FIGURES = {"transition": transition.measure, "lifecycle": lifecycle.measure}


def main() -> int:
    """Measure the figures that were asked for, all of them by default."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="pilotkit and its peers in turn, in one run")
    parser.add_argument("figures", nargs="*", choices=[*_FIGURES, []], help="which figures")
    parser.add_argument("--small", action="store_true", help="few rounds: to see that it works")
    parser.add_argument("--write", action="store_true", help="write results.json and the table of docs/benchmarks.md")
    chosen = parser.parse_args()
    results = []
    for name in chosen.figures or _FIGURES:
        results.append(_alone(name, small=chosen.small))
        print(results[-1], flush=True)
    if chosen.write:
        write_json(results, _HERE / "results.json")
        write_table(results, _HERE.parent / "docs" / "benchmarks.md")
    return 0


def _alone(name: str, *, small: bool) -> Result:
    """Measure in a process of its own: Prefect keeps the first server's address for life."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_FIGURES[name], small=small).result()


if __name__ == "__main__":
    sys.exit(main())

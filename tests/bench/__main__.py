"""`make bench`: our compiler and host beside their peers and floors, interleaved in one run; prints ratios.

Nothing here passes or fails: it measures. A peer that is not installed is named with the command that installs it; the
interpreters in FLOWBRIDGE_BENCH_PYTHON (separated as in PATH) are asked for it first. The dependency group `bench` has
all of them.
"""

import argparse
import compileall
import json
import platform
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from . import compilers, hosts
from .contest import Outcome, hold
from .peers import PEERS, VARIABLE, installed
from .report import document, table, verdict
from .targets import targets

PACKAGE = Path(__file__).resolve().parents[2] / "generator" / "flowbridge"


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under two minutes: smaller, fewer rounds")
    parser.add_argument("--only", action="append", metavar="NAME", help="W1, C1, ...; may be given more than once")
    parser.add_argument("--budget", type=float, metavar="SECONDS", help="begin no round of a workload past so many")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the ratios there")
    parser.add_argument("--list", action="store_true", help="name the workloads")
    arguments = parser.parse_args()

    # An end from outside unwinds, too, so that no measured program is left behind.
    signal.signal(signal.SIGTERM, _end)
    found = installed()
    contests = [*compilers.contests(found, quick=arguments.quick), *hosts.contests(found, quick=arguments.quick)]
    names = [contest.name for contest in contests]
    if arguments.list:
        print("\n".join(f"{contest.name:<9} {contest.title}" for contest in contests))
        return
    unknown = sorted(set(arguments.only or ()) - set(names))
    if unknown:
        parser.error(f"no workload {', '.join(unknown)}; there are {', '.join(names)}")
    # What pip installs has its bytecode, and so have the peers; a checkout may be without, as the environment says.
    compileall.compile_dir(PACKAGE, quiet=1)
    skipped = {peer.name: peer.cure for peer in PEERS if peer.name not in found}
    print(f"Python {platform.python_version()}; less is better; medians, interleaved; ours in process and over HTTP,")
    print("both with synchronous=FULL. The times are this machine's of this hour: only the ratios mean something.")
    for name, cure in skipped.items():
        print(f"skipped: {name} is not installed ({cure}; or name its interpreter in {VARIABLE})")
    began, outcomes = time.monotonic(), list[Outcome]()
    for contest in contests:
        if not arguments.only or contest.name in arguments.only:
            given = contest if arguments.budget is None else replace(contest, budget=arguments.budget)
            outcomes.append(hold(given, _progress))
            _progress("")
            print("\n".join(table(outcomes[-1])), flush=True)
    aims = list(targets(outcomes))
    print("\n".join(verdict(aims)))
    print(f"\n{time.monotonic() - began:.0f} seconds in all.")
    if arguments.json:
        arguments.json.write_text(json.dumps(document(outcomes, aims, skipped), indent=2) + "\n", encoding="utf-8")


def _end(number: int, _: object) -> None:
    sys.exit(128 + number)


def _progress(text: str) -> None:
    """What is at work, on one line of a terminal that is overwritten; nowhere else."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

"""Everything that may happen to a run, one after the other: what its state is, and what is left.

`python -m benchmarks.faults [FAULT…]`: PostgreSQL, Redis, two API servers, background services and
a worker are started with the settings of `deployments/settings`; ten to twenty minutes for all.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import benchmarks.servers  # noqa: F401 - first: it says which `tests` are meant
from tests.services.faults import FAULTS, THOROUGH
from tests.services.trials import Outcome, Trials

HEAD = (
    "| fault | state of the run | seconds until it | bundles half-written | files left behind "
    "| run again | stages from the cache |\n|---|---|--:|---|---|---|---|"
)


def row(outcome: Outcome) -> str:
    """Return a line of the table."""
    left, cached = ", ".join(outcome.left) or "none", ", ".join(outcome.cached) or "none"
    again = f"{outcome.again.lower()}, bundle {'whole' if outcome.bundle else 'MISSING'}"
    cells = [outcome.fault, outcome.state.lower(), f"{outcome.seconds:.0f}"]
    cells += [", ".join(outcome.broken) or "none", left, again, cached]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", choices=[[], *FAULTS], metavar="FAULT")
    chosen = parser.parse_args().faults or list(FAULTS)
    with tempfile.TemporaryDirectory(prefix="ade-faults-") as folder:
        trials = Trials(Path(folder), **THOROUGH)
        try:
            trials.start()
            print(HEAD, flush=True)
            for name in chosen:
                try:
                    print(row(FAULTS[name](trials)), flush=True)
                except AssertionError as error:
                    print(f"| {name} | FAILED: {str(error)[:300]!r} |", flush=True)
        finally:
            trials.remove()


if __name__ == "__main__":
    main()

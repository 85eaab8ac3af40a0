"""One target under libFuzzer, by way of atheris: `python -m fuzz.run csv CORPUS [options]`.

Options are libFuzzer's own, such as `-max_total_time=60`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ai_data_engineer"]):
    from fuzz.targets import TARGETS


def main(arguments: list[str]) -> None:
    """Write the target's seeds to the corpus, and fuzz until the time is over."""
    name, corpus, *options = arguments
    target = TARGETS[name]
    Path(corpus).mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (Path(corpus) / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], corpus, *options], target.feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])

"""Broken files: no crash, no hang, no memory beyond bounds, an error of ours or rows that add up.

`python -m benchmarks.robustness FOLDER … [--mutations 3]` profiles every file below the folders,
as it is and with a few bytes changed, each in a child process that a crash may kill, and prints
what became of them. Exit 1 where one crashed, hung, took too much or raised what is no error of
ours; the mutation of a file is the same in every run.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.measuring import environment, forget_peak, memory

MOST_SECONDS = 30
MOST_MB = 1024
LARGEST = 20 * 1024 * 1024
_DEFECTS = ("crash", "hang", "memory", "foreign error", "rows do not add up")


@dataclass(frozen=True)
class Outcome:
    """What became of one file: a kind, an error's code or a defect's text, seconds, MB."""

    kind: str
    detail: str = ""
    seconds: float = 0.0
    peak: float = 0.0


def examine(path: str) -> Outcome:
    """Profile one file in this process."""
    from ai_data_engineer.errors import AdeError
    from ai_data_engineer.profiling import profile_source

    forget_peak()
    started = time.monotonic()
    kind, detail = "profiled", ""
    try:
        records = profile_source(path).records
        if not 0 <= records.rejected <= records.read <= records.total:
            kind = "rows do not add up"
    except AdeError as error:
        kind, detail = "refused", error.code
    except BaseException as error:  # noqa: BLE001 - a panic is no Exception
        kind, detail = "foreign error", repr(error)[:200]
    return Outcome(kind, detail, time.monotonic() - started, memory("VmHWM"))


def _serve(pipe: Connection) -> None:
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - panics print a trace
    while path := pipe.recv():
        pipe.send(examine(path))


class _Child:
    """Examines files one after the other, and is replaced where it dies or hangs."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def examine(self, path: Path, *, warm: bool) -> Outcome | None:
        """Return the outcome, None where the child is gone."""
        self._pipe.send(str(path))
        try:
            if self._pipe.poll(MOST_SECONDS if warm else 4 * MOST_SECONDS):
                return self._pipe.recv()
        except (EOFError, OSError):
            return None
        return Outcome("hang", seconds=MOST_SECONDS)

    def end(self) -> None:
        self._process.kill()
        self._process.join()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to five places changed, or cut off."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(changed) + 1)
        match chance.randrange(6):
            case 0 if changed:
                changed[place % len(changed)] = chance.randrange(256)
            case 1:
                changed[place:place] = chance.choice(
                    [b'"', b"'", b"\0", b"\r", b"\n", b"\xff", b"<", b"&", b"{", b"[", b"\\"]
                )
            case 2:
                del changed[place : place + chance.randrange(1, 200)]
            case 3:
                piece = changed[place : place + chance.randrange(1, 200)]
                changed[place:place] = piece * chance.randrange(1, 20)
            case 4:
                del changed[place:]
            case 5:
                other = chance.randrange(len(changed) + 1)
                changed[place:place] = changed[other : other + 100]
    return bytes(changed)


def _variants(path: Path, mutations: int) -> Iterator[tuple[str, bytes]]:
    data = path.read_bytes()
    yield "as it is", data
    for number in range(mutations):
        yield "mutated", mutated(data, random.Random(f"{path.name}{number}"))


def main(folders: list[Path], mutations: int) -> int:
    """Examine, print a table and every defect; returns the exit code."""
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    files = [path for path in files if path.stat().st_size <= LARGEST]
    outcomes: list[tuple[str, Outcome]] = []
    defects: list[str] = []
    child, warm = _Child(), False
    with tempfile.TemporaryDirectory(prefix="robustness-") as folder:
        for path in files:
            for variant, data in _variants(path, mutations):
                copy = Path(folder) / path.name
                copy.write_bytes(data)
                outcome = child.examine(copy, warm=warm) or Outcome("crash")
                warm = True
                if outcome.kind in ("profiled", "refused") and outcome.peak > MOST_MB:
                    outcome = Outcome("memory", f"{outcome.peak:.0f} MB", outcome.seconds)
                outcomes.append((variant, outcome))
                if outcome.kind in _DEFECTS:
                    defects.append(f"{path} {variant}: {outcome.kind} {outcome.detail}".rstrip())
                if outcome.kind in ("crash", "hang"):
                    child.end()
                    child, warm = _Child(), False
                copy.unlink()
    child.end()
    _print(outcomes, defects)
    return 1 if defects else 0


def _print(outcomes: list[tuple[str, Outcome]], defects: list[str]) -> None:
    print(f"{environment()}\n")
    print(
        "| files | profiled | refused by a typed error | crash | hang | beyond 1 GB "
        "| foreign error | slowest s | most MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for variant in ("as it is", "mutated"):
        found = [outcome for name, outcome in outcomes if name == variant]
        if not found:
            continue
        kinds = Counter(outcome.kind for outcome in found)
        foreign = kinds["foreign error"] + kinds["rows do not add up"]
        print(
            f"| {len(found):,} {variant} | {kinds['profiled']:,} | {kinds['refused']:,} "
            f"| {kinds['crash']} | {kinds['hang']} | {kinds['memory']} | {foreign} "
            f"| {max(o.seconds for o in found):.1f} | {max(o.peak for o in found):.0f} |"
        )
    print("".join(f"\n{defect}" for defect in defects))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--mutations", type=int, default=3)
    options = parser.parse_args()
    sys.exit(main(options.folders, options.mutations))

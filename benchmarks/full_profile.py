"""What does a full profile cost, against a peer that summarises the same file?

`python -m benchmarks.full_profile --size 1GB` writes a file to a temporary folder (or takes the one
that `--file` names), and runs the profile and its peer in turn, each in a process of its own. The
file has no wrong number in it: DuckDB's defaults refuse a file whose 50,021st amount is `??`. The
peers of JSON and XML are bare streaming parsers; Parquet is not written, only taken.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.generate import as_bytes, generate
from benchmarks.measuring import Measured, environment, measure

TIMES = 3

OURS = """
import sys
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.settings import load_settings
profile_source(sys.argv[1], mode="full", settings=load_settings(MAX_FILE_SIZE=2**40))
"""
SUMMARIZE = """
import sys, duckdb
duckdb.execute(f"SUMMARIZE SELECT * FROM {sys.argv[2]}('{sys.argv[1]}')").fetchall()
"""
SPLIT_AND_PARSE = """
import re, sys, orjson
seam = re.compile(rb"(?<=}),\\s*(?={)")
rest = b""
with open(sys.argv[1], "rb") as file:
    rest = file.read(2**16).partition(sys.argv[2].encode())[2]
    while chunk := file.read(2**22):
        *records, rest = seam.split(rest + chunk)
        for record in records:
            orjson.loads(record)
orjson.loads(rest[: rest.rindex(b"]")])
"""
ITERPARSE = """
import sys
from lxml import etree
for _, element in etree.iterparse(sys.argv[1], tag=sys.argv[2]):
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
"""
IJSON = """
import sys, ijson
with open(sys.argv[1], "rb") as file:
    for record in ijson.items(file, sys.argv[2]):
        pass
"""
Peer = tuple[str, ...]
"""Its name, its program, and what it is told besides the file."""
PEERS: dict[str, tuple[Peer, ...]] = {
    "csv": (("DuckDB SUMMARIZE", SUMMARIZE, "read_csv"),),
    "ndjson": (("DuckDB SUMMARIZE", SUMMARIZE, "read_json"),),
    # Those of JSON and XML only parse: what a profile costs beyond that is the question.
    "json": (
        ("ijson", IJSON, "data.orders.item"),
        ("split into records, orjson", SPLIT_AND_PARSE, '"orders": ['),
    ),
    "xml": (("lxml iterparse", ITERPARSE, "order"),),
    "parquet": (("DuckDB SUMMARIZE", SUMMARIZE, "read_parquet"),),
}


def main(format: str, path: Path, times: int) -> None:
    """Measure all in turn and print a table."""
    programs: tuple[Peer, ...] = (("full profile", OURS), *PEERS[format])
    found: dict[str, list[Measured]] = {name: [] for name, *_ in programs}
    for _ in range(times):
        for name, program, *options in programs:
            found[name].append(_run(program, path, *options))
    print(f"{path.stat().st_size / 1e6:,.0f} MB of {format}, median of {times} runs in turn.")
    print(f"{environment('duckdb')}\n")
    print(
        "| | seconds | of processors | peak MB | anonymous MB | profile takes |\n"
        "|---|---|---|---|---|---|"
    )
    ours = _median(found["full profile"], "wall")
    for name, runs in found.items():
        wall = _median(runs, "wall")
        print(
            f"| {name} | {wall:.1f} | {_median(runs, 'cpu'):.1f} | {_median(runs, 'peak'):.0f} | "
            f"{max(run.anonymous for run in runs):.0f} | {ours / wall:.2f} times |"
        )


def _run(program: str, path: Path, *options: str) -> Measured:
    return measure([sys.executable, "-c", program, str(path), *options], Path.cwd())


def _median(runs: list[Measured], figure: str) -> float:
    return statistics.median(getattr(run, figure) for run in runs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("format", nargs="?", choices=PEERS, default="csv")
    parser.add_argument("--size", type=as_bytes, default="1GB")
    parser.add_argument("--file", type=Path, help="take this file instead of writing one")
    parser.add_argument("--times", type=int, default=TIMES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        path = options.file or Path(folder) / f"orders.{options.format}"
        if options.file is None:
            generate(options.format, path, options.size, clean=True)
        main(options.format, path.resolve(), options.times)

"""Which type does each tool find? On generated columns with known types, and on labelled real ones.

`python -m benchmarks.type_accuracy` prints tables for `docs/accuracy.md`. Peers are told the
dialect where they can be, so that types alone are compared, and run as they come out of the box.
How their types are counted: a decimal is a float, a timestamp with or without zone a datetime, an
interval a string; pandas' object columns are strings, csv-detective's formats count as its own
mapping to Python types says. Missing values make an integer column of pandas a float: that is not
held against it.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from importlib.metadata import distribution, version
from pathlib import Path

from ai_data_engineer.profiling import profile_source
from benchmarks.type_columns import MARKERS, columns

LABELS = Path(__file__).with_name("type_labels.tsv")
SEED = 20
OURS = "this"

Found = dict[str, str]
"""Type by the name of the column: integer, float, boolean, date, time, datetime or string."""


def this(path: Path) -> Found:
    """Ask our profile."""
    kinds = {"int64": "integer", "float64": "float", "decimal": "float"}
    return {
        c.source_name: kinds.get(c.type.name, c.type.name)
        for c in profile_source(str(path)).columns
    }


def duckdb(path: Path, *nulls: str) -> Found:
    """Ask DuckDB's sniffer, told delimiter, quote, header and texts that mean "no value"."""
    import duckdb as engine

    query = (
        "select Columns from sniff_csv(?, delim=',', quote='\"', header=true, sample_size=-1, "
        "nullstr=?)"
    )
    found = engine.execute(query, [str(path), ["", *nulls]]).fetchone()
    assert found is not None
    return {c["name"]: _duckdb_kind(c["type"]) for c in found[0]}


def duckdb_told(path: Path) -> Found:
    """Ask DuckDB's sniffer, told each marker of missing values that there is."""
    return duckdb(path, *MARKERS)


def _duckdb_kind(kind: str) -> str:
    for sign, meaning in (
        ("TIMESTAMP", "datetime"), ("DATE", "date"), ("TIME", "time"), ("BOOL", "boolean"),
        ("INT", "integer"), ("DOUBLE", "float"), ("FLOAT", "float"), ("DECIMAL", "float"),
    ):  # fmt: skip
        if sign in kind and kind != "INTERVAL":
            return meaning
    return "string"


def polars(path: Path) -> Found:
    """Ask polars' reader, which tries dates; it looks at all rows."""
    import polars as engine

    frame = engine.read_csv(path, try_parse_dates=True, infer_schema_length=None)
    return {name: _polars_kind(str(dtype)) for name, dtype in frame.schema.items()}


def _polars_kind(dtype: str) -> str:
    kinds = {"Int": "integer", "Float": "float", "Decimal": "float", "Boolean": "boolean",
             "Datetime": "datetime", "Date": "date", "Time": "time"}  # fmt: skip
    return next((kind for sign, kind in kinds.items() if dtype.startswith(sign)), "string")


def pandas(path: Path) -> Found:
    """Ask pandas' reader and `convert_dtypes`."""
    import pandas as engine

    frame = engine.read_csv(path, low_memory=False).convert_dtypes()
    return {str(n): _polars_kind(str(t).title()) for n, t in frame.dtypes.items()}


def frictionless(path: Path) -> Found:
    """Ask `frictionless.Schema.describe`, with a sample of all rows."""
    from frictionless import Detector, Dialect, Schema, formats

    dialect = Dialect(controls=[formats.CsvControl(delimiter=",")])
    schema = Schema.describe(
        path.name, basepath=str(path.parent), dialect=dialect, detector=Detector(sample_size=10_000)
    )
    kinds = {"number": "float", "year": "integer", "yearmonth": "date"}
    known = {"integer", "boolean", "date", "time", "datetime", "string"}
    return {
        f.name: kinds.get(f.type, f.type if f.type in known else "string") for f in schema.fields
    }


def csv_detective(path: Path) -> Found:
    """Ask csv-detective's routine."""
    from csv_detective import routine

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = routine(str(path), num_rows=-1, output_profile=False, save_results=False)
    kinds = {"int": "integer", "float": "float", "bool": "boolean", "date": "date",
             "datetime": "datetime"}  # fmt: skip
    return {n: kinds.get(c["python_type"], "string") for n, c in found["columns"].items()}


PEERS: dict[str, Callable[[Path], Found]] = {
    OURS: this, "DuckDB": duckdb, "DuckDB, told markers": duckdb_told, "polars": polars,
    "pandas": pandas, "frictionless": frictionless, "csv-detective": csv_detective,
}  # fmt: skip


def is_right(found: str, right: frozenset[str], tool: str, has_missing: bool) -> bool:
    """Return whether a type is one of the right ones."""
    return found in right or (
        tool == "pandas" and has_missing and found == "float" and "integer" in right
    )


def generated(seed: int, folder: Path, misses: bool) -> None:
    """Write each generated column to a file of its own, ask each tool, print the table."""
    score: dict[str, Counter[str]] = defaultdict(Counter)
    total = Counter[str]()
    path = folder / "table.csv"
    for column in columns(seed):
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["row", column.name])
            writer.writerows(enumerate(column.values, 1))
        for group in (column.group, f"({column.noise})", "all"):
            total[group] += 1
        for tool, ask in PEERS.items():
            found = _asked(ask, path).get(column.name, "nothing")
            if is_right(found, column.right, tool, column.noise == "missing"):
                for group in (column.group, f"({column.noise})", "all"):
                    score[group][tool] += 1
            elif misses and tool == OURS:
                print(f"MISS {column.group} / {column.form} / {column.noise}: {found}")
    _print_table(score, total)


def _asked(ask: Callable[[Path], Found], path: Path) -> Found:
    try:
        return ask(path)
    except Exception:  # noqa: BLE001 - a tool that fails has found nothing
        return {}


def real(misses: bool) -> None:
    """Ask each tool about the labelled columns of real files in installed packages."""
    score: dict[str, Counter[str]] = defaultdict(Counter)
    total = Counter[str]()
    for (package, name), labels in _labels().items():
        path = Path(str(distribution(package).locate_file(name)))
        found = {tool: _asked(ask, path) for tool, ask in PEERS.items()}
        for column, right in labels.items():
            for group in (package, "all"):
                total[group] += 1
                for tool, types in found.items():
                    score[group][tool] += is_right(types.get(column, "nothing"), right, tool, True)
            ours = found[OURS].get(column, "nothing")
            if misses and ours not in right:
                print(f"MISS {name} / {column}: {ours}, not {' or '.join(sorted(right))}")
    _print_table(score, total)


def _labels() -> dict[tuple[str, str], dict[str, frozenset[str]]]:
    """Return the types of columns by package and file: `package, file, column, type|type`."""
    labels: dict[tuple[str, str], dict[str, frozenset[str]]] = defaultdict(dict)
    with LABELS.open(encoding="utf-8", newline="") as file:
        for package, name, column, right in csv.reader(file, delimiter="\t"):
            labels[package, name][column] = frozenset(right.split("|"))
    return labels


def _print_table(score: dict[str, Counter[str]], total: Counter[str]) -> None:
    print(f"| columns | number | {' | '.join(PEERS)} |")
    print(f"|---|--:|{'--:|' * len(PEERS)}")
    groups: Iterable[str] = [g for g in total if g != "all"]
    for group in [*groups, "all"]:
        shares = " | ".join(f"{100 * score[group][tool] / total[group]:.1f}" for tool in PEERS)
        print(f"| {group} | {total[group]} | {shares} |")


def main() -> None:
    """Print both tables, and with `--misses` what we got wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--only", choices=["generated", "real"])
    given = parser.parse_args()
    packages = ("duckdb", "polars", "pandas", "frictionless", "csv-detective")
    print(f"{', '.join(f'{p} {version(p)}' for p in packages)}; seed {given.seed}.\n")
    if given.only != "real":
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            generated(given.seed, Path(folder), given.misses)
    if given.only != "generated":
        print()
        real(given.misses)


if __name__ == "__main__":
    main()

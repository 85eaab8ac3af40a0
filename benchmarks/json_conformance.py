"""Is what our readers take for JSON what the standard (RFC 8259) calls JSON?

`python -m benchmarks.json_conformance PATH` reads the files of JSONTestSuite's `test_parsing`:
those named `y_` must be accepted, those named `n_` refused, those named `i_` may be either. Each is
read as a document, as a document in pieces, as an item of a large array and within a line of
NDJSON, in another process, which must not die.
"""

from __future__ import annotations

import argparse
import io
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import Batch, Field
from ai_data_engineer.io.isolation import isolated
from ai_data_engineer.io.json_pieces import json_pieces, ndjson_pieces
from ai_data_engineer.io.json_reader import read_json, read_ndjson

COLUMNS = [Field("a", ("a",)), Field("b", ("b",))]
USUAL = b'{"a": 1, "b": "x"}'


def as_document(data: bytes) -> bool:
    return _is_taken(lambda: read_json(io.BytesIO(data), columns=COLUMNS))


def as_document_in_pieces(data: bytes) -> bool:
    return _is_taken(lambda: (p() for p in json_pieces(io.BytesIO(data), columns=COLUMNS)))


def as_item(data: bytes) -> bool:
    document = b"[" + b",".join([*[USUAL] * 50, data.strip(b" \t\r\n"), *[USUAL] * 50]) + b"]"
    return _is_taken(lambda: (p() for p in json_pieces(io.BytesIO(document), columns=COLUMNS)))


def as_line(data: bytes) -> bool:
    lines = (USUAL + b"\n") * 50 + b'{"a":' + data.replace(b"\n", b"\t") + b"}\n"
    tolerant = _is_taken(lambda: read_ndjson(io.BytesIO(lines), columns=COLUMNS))
    fast = _is_taken(lambda: (p() for p in ndjson_pieces(io.BytesIO(lines), columns=COLUMNS)))
    if fast != tolerant:
        raise AssertionError("the two readers of NDJSON do not agree")
    return fast


WAYS: dict[str, Callable[[bytes], bool]] = {
    "document": as_document,
    "document in pieces": as_document_in_pieces,
    "item of an array": as_item,
    "line of NDJSON": as_line,
}


def _is_taken(read: Callable[[], Iterable[Batch]]) -> bool:
    """Return whether all records are read; raises nothing else than a crash."""
    try:
        return not any(batch.rejected for batch in read())
    except SourceError:
        return False


def main(folder: Path) -> int:
    """Print a table of how many files came out as they must; return how many did not."""
    wrong = 0
    print("| read as | accepted, as must be | refused, as must be | either | crashes |")
    print("|---|---|---|---|---|")
    for name, way in WAYS.items():
        found = Counter[str]()
        names: list[str] = []
        for path in sorted(folder.glob("[yni]_*.json")):
            kind = path.name[0]
            found[kind] += 1
            try:
                is_taken = isolated(way, path.read_bytes())
            except SourceError:
                found["crashed"] += 1
                names.append(path.name)
                continue
            if kind == "i":
                found["taken"] += is_taken
            elif is_taken == (kind == "y"):
                found[f"{kind} right"] += 1
            else:
                names.append(path.name)
        wrong += len(names)
        print(
            f"| {name} | {found['y right']} of {found['y']} | {found['n right']} of {found['n']} "
            f"| {found['taken']} of {found['i']} accepted | {found['crashed']} |"
        )
        for name in names:
            print(f"|  | `{name}` came out otherwise | | | |")
    return wrong


if __name__ == "__main__":
    from benchmarks.json_conformance import main as check  # the child process looks it up there

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    raise SystemExit(min(1, check(parser.parse_args().folder)))

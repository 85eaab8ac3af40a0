"""How many files of csv-spectrum are read as its JSON says, with nothing told but the file?

`python -m benchmarks.csv_spectrum FOLDER` takes the folder that holds `csvs` and `json` of
https://github.com/max-mapper/csv-spectrum and prints a table.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.csv_peers import READERS, Reader


def main(folder: Path) -> None:
    """Read with each reader, compare, print."""
    files = sorted((folder / "csvs").glob("*.csv"))
    print(f"| reader | equal, of {len(files)} | others |\n|---|---|---|")
    for name, (read, _) in READERS.items():
        wrong = [path.stem for path in files if not _is_equal(read, path, folder / "json")]
        print(f"| {name} | {len(files) - len(wrong)} | {', '.join(wrong)} |")


def _is_equal(read: Reader, path: Path, answers: Path) -> bool:
    expected = json.loads((answers / f"{path.stem}.json").read_text(encoding="utf-8"))
    try:
        names, *rows = read(path)
    except Exception:  # noqa: BLE001 whatever a reader raises, it has not read the file
        return False
    return [dict(zip(names, row, strict=False)) for row in rows] == expected


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    main(parser.parse_args().folder)

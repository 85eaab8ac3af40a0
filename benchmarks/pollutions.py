"""How much of polluted files do readers get right that must find out everything by themselves?

`python -m benchmarks.pollutions` pollutes made-up tables (`benchmarks.polluting`), lets each reader
read a sample of the files by a fixed seed (`--all`: all of them), and prints Pollock's scores
(`benchmarks.pollock_scoring`). `--kinds` prints the score of each kind of pollution as well.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from benchmarks.csv_peers import READERS, Reader
from benchmarks.pollock_scoring import WEIGHTS, score
from benchmarks.polluting import PollutedFile, further_files, pollock_files, tables

HELD_OUT = "members"
"""The table that nobody looked at while the readers' rules were made."""
_EACH_KIND = 40
"""Files of a kind and a table in a sample."""

Group = tuple[str, str]
"""A table and a kind of pollution."""
Groups = dict[Group, list[PollutedFile]]


def main(readers: Sequence[str], *, everything: bool, kinds: bool) -> None:
    """Generate, read, score, print."""
    warnings.simplefilter("ignore")
    pollock, further = _groups(pollock_files), _groups(further_files)
    sizes = {group: len(files) for group, files in (pollock | further).items()}
    chosen = {
        group: files if everything else _sample(files)
        for group, files in (pollock | further).items()
    }
    means = {name: _means(READERS[name][0], chosen) for name in readers}
    seen = [group for group in pollock if group[0] != HELD_OUT]
    held_out = [group for group in pollock if group[0] == HELD_OUT]
    print(f"{sum(map(len, chosen.values()))} of {sum(sizes.values())} files; scores of 10.\n")
    print("| reader | simple | weighted | held out: simple | weighted | further pollutions |")
    print("|---|---|---|---|---|---|")
    for name in readers:
        mean = means[name]
        cells = [_simple(mean, seen, sizes), _weighted(mean, seen)]
        cells += [_simple(mean, held_out, sizes), _weighted(mean, held_out)]
        cells.append(_simple(mean, list(further), sizes))
        package = READERS[name][1]
        title = f"{name} {version(package) if package else python_version()}"
        print(f"| {title} | {' | '.join(f'{cell:.3f}' for cell in cells)} |")
    if kinds:
        print(f"\n| table | pollution | {' | '.join(readers)} |\n|---|---|{'---|' * len(readers)}")
        for group in chosen:
            cells = [means[name][group] for name in readers]
            print(f"| {group[0]} | {group[1]} | {' | '.join(f'{cell:.3f}' for cell in cells)} |")


def _groups(generate: object) -> Groups:
    assert callable(generate)
    groups: Groups = {}
    for table in tables():
        for file in generate(table):
            kind = file.name if file.name in WEIGHTS else file.kind
            groups.setdefault((table.name, kind), []).append(file)
    return groups


def _sample(files: list[PollutedFile]) -> list[PollutedFile]:
    return random.Random(0).sample(files, min(_EACH_KIND, len(files)))


def _means(read: Reader, chosen: Groups) -> dict[Group, float]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        return {
            group: sum(_score(read, file, Path(folder)) for file in files) / len(files)
            for group, files in chosen.items()
        }


def _score(read: Reader, file: PollutedFile, folder: Path) -> float:
    path = folder / "polluted.csv"
    path.write_bytes(file.data)
    try:
        loaded = read(path)
    except Exception:  # noqa: BLE001 whatever a reader raises, it has not read the file
        return 0.0
    return score(file.clean, loaded)


def _simple(means: dict[Group, float], groups: list[Group], sizes: dict[Group, int]) -> float:
    """Return the mean over all files that there are, of which some may have been read."""
    return sum(means[group] * sizes[group] for group in groups) / sum(map(sizes.get, groups))


def _weighted(means: dict[Group, float], groups: list[Group]) -> float:
    """Return the mean weighted by how common each kind is."""
    weights = {group: WEIGHTS[group[1]] for group in groups}
    return sum(means[group] * weights[group] for group in groups) / sum(weights.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="read all files, not a sample")
    parser.add_argument("--kinds", action="store_true", help="print the score of each kind")
    parser.add_argument("--reader", action="append", choices=READERS, help="may be repeated")
    arguments = parser.parse_args()
    main(arguments.reader or list(READERS), everything=arguments.all, kinds=arguments.kinds)

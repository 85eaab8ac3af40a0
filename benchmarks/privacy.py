"""Does anything private reach a model, what does it cost, and which harmless names are hidden?

`python -m benchmarks.privacy` writes, profiles and asks about thousands of files with made-up
private values in every place there is, and searches what would be sent for them. Then it judges the
names of columns of real files, and measures how fast texts are looked through, beside DataFog.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile, Records
from ai_data_engineer.specifying.privacy.aliases import Aliases
from ai_data_engineer.specifying.privacy.column_names import private_names
from ai_data_engineer.specifying.privacy.recognisers import find
from ai_data_engineer.types import INT64
from benchmarks.privacy_places import Sent, leaks, names_sent, texts_sent, values_sent
from benchmarks.privacy_seeds import SEEDS

LABELS = Path(__file__).with_name("type_labels.tsv")
"""Columns of real files: package, file, name, type."""
WELL_KNOWN = Path(__file__).with_name("well_known_names.tsv")
"""Names that columns of well-known data sets and systems have, a table a line."""
DOCS = Path(__file__).parents[1] / "docs"
TRIALS = 5


def real_names() -> dict[str, list[str]]:
    """Return names of columns of real files and of well-known tables, by table."""
    names = defaultdict(list)
    for line in LABELS.read_text().splitlines():
        package, file, column, _ = line.split("\t")
        names[f"{package} {file}"].append(column)
    for number, line in enumerate(WELL_KNOWN.read_text().splitlines()):
        names[f"well known {number}"] = line.split("\t")
    return dict(names)


def harmless_masked() -> tuple[list[str], int]:
    """Return those of the real names that are hidden, and how many were judged."""
    by_file = real_names()
    hidden = [name for names in by_file.values() for name in private_names(names)]
    return hidden, sum(map(len, by_file.values()))


def wide_profile(columns: int) -> FileProfile:
    """Return the profile of a table with so many columns, one in a thousand called by an e-mail."""
    found = [
        f"person{n}@example.com" if n % 1000 == 7 else f"Measured value {n % 97} of sensor_{n}"
        for n in range(columns)
    ]
    return FileProfile(
        uri="file:///wide.csv", name="wide", format="csv", size_bytes=1, bytes_read=1, digest="0",
        records=Records(read=1, total=1, total_is_exact=True),
        columns=tuple(
            ColumnProfile(name=f"c_{n}", source_name=name, type=INT64, nullable=False, null_count=0)
            for n, name in enumerate(found)
        ),
    )  # fmt: skip


def bind_and_name(profile: FileProfile) -> Aliases:
    """Do what a prompt does with the names of a table: bind them all, then ask for each."""
    aliases = Aliases([("wide", profile)], "Mean of each sensor by day")
    for column in profile.columns:
        aliases.hide_name(column.name)
        aliases.hide_name(column.source_name)
    return aliases


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(TRIALS):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def _report(all_sent: Iterable[Sent]) -> None:
    tried, leaked = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in all_sent:
        tried[one.mode, one.place] += len(one.seeds)
        leaked[one.mode, one.place] += len(leaks(one))
    for (mode, place), count in sorted(tried.items()):
        print(f"| {mode} | {place} | {count} | {leaked[mode, place]} |")


def main() -> None:
    """Print three tables."""
    telling = [seed for seed in SEEDS if seed.is_telling]
    told = [seed for seed in telling if seed.is_told_in_text]
    print(f"{len(SEEDS)} kinds of value.\n\n| mode | place | seeded | sent |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _report(values_sent(SEEDS, folder))
        _report(names_sent(telling, folder))
        _report(texts_sent(told, folder))
    hidden, judged = harmless_masked()
    print(f"\nHidden of {judged} real names of columns: {len(hidden)} {hidden}\n")
    text = "\n".join(path.read_text() for path in sorted(DOCS.glob("*.md")))
    from datafog.processing.text_processing.regex_annotator import RegexAnnotator

    theirs = RegexAnnotator(locales=["de"])
    size = len(text.encode()) / 1e6
    print("| looking through prose | MB/s of CPU time |\n|---|---|")
    print(f"| ours | {size / _best(lambda: find(text)):.2f} |")
    print(f"| datafog {version('datafog')} | {size / _best(lambda: theirs.annotate(text)):.2f} |")
    profile = wide_profile(10_000)
    print(f"\n10,000 columns: {_best(lambda: bind_and_name(profile)):.2f} s of CPU time")


if __name__ == "__main__":
    main()

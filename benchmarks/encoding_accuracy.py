"""Is the text right when it is decoded as detected? Against charset-normalizer, chardet, others.

`python -m benchmarks.encoding_accuracy` encodes tables in some thirty languages in the encodings
they are met in, in four lengths, and prints tables for `docs/accuracy.md`. An encoding counts as
right when it decodes the bytes to the very text. `--names` takes names from the CLDR instead, which
none of the rules was made with; `--truth FILE` (`file,encoding,…`, files in
`files/` beside it) does the same with real files.
"""

from __future__ import annotations

import argparse
import codecs
import csv
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.encodings.encoding import detect_encoding
from benchmarks.encoding_samples import Sample, names, samples

SEED = 11
SURE = 0.8


def this(data: bytes) -> tuple[str | None, float]:
    """Ask our detector."""
    try:
        found = detect_encoding(data)
    except SourceError:
        return None, 0.0
    return found.name, found.confidence


def charset_normalizer(data: bytes) -> tuple[str | None, float]:
    """Ask charset-normalizer."""
    import charset_normalizer as detector

    best = detector.from_bytes(data).best()
    return (None, 0.0) if best is None else (best.encoding, 1 - best.chaos)


def chardet(data: bytes) -> tuple[str | None, float]:
    """Ask chardet."""
    import chardet as detector

    found = detector.detect(data)
    return found["encoding"], float(found["confidence"] or 0)


def frictionless(data: bytes) -> tuple[str | None, float]:
    """Ask frictionless' detector, as its readers do."""
    from frictionless import Detector

    return Detector().detect_encoding(data[:10_000]), 1.0


PEERS: dict[str, Callable[[bytes], tuple[str | None, float]]] = {
    "this": this, "chardet": chardet, "charset-normalizer": charset_normalizer,
    "frictionless": frictionless,
}  # fmt: skip


def decoded(data: bytes, name: str | None) -> str | None:
    """Return the text without a byte order mark; None where it does not decode."""
    try:
        return data.decode(name or "").removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        return None


def measure(cases: Iterable[Sample], misses: bool) -> None:
    """Ask each tool about each sample, print how many it got right."""
    right: dict[str, Counter[str]] = defaultdict(Counter)
    sure_wrong, seconds, total = Counter[str](), Counter[str](), Counter[str]()
    stated: dict[int, list[bool]] = defaultdict(list)
    for sample in cases:
        groups = (f"{sample.length}", _family(sample.encoding), "all")
        total.update(groups)
        for tool, ask in PEERS.items():
            started = time.process_time()
            name, confidence = ask(sample.data)
            seconds[tool] += time.process_time() - started
            is_right = decoded(sample.data, name) == sample.text
            if tool == "this":
                stated[min(int(10 * confidence), 9)].append(is_right)
            if is_right:
                for group in groups:
                    right[group][tool] += 1
            else:
                sure_wrong[tool] += confidence >= SURE
                if misses and tool == "this":
                    print("MISS", sample.language, sample.encoding, sample.length, name, confidence)
    print(f"| samples | number | {' | '.join(PEERS)} |")
    print(f"|---|--:|{'--:|' * len(PEERS)}")
    for group in [*sorted(g for g in total if g != "all"), "all"]:
        shares = " | ".join(f"{100 * right[group][tool] / total[group]:.1f}" for tool in PEERS)
        print(f"| {group} | {total[group]} | {shares} |")
    wrong = " | ".join(str(sure_wrong[tool]) for tool in PEERS)
    print(f"| wrong with a confidence of {SURE} or more | | {wrong} |")
    each = " | ".join(f"{1e3 * seconds[tool] / total['all']:.1f}" for tool in PEERS)
    print(f"| ms each | | {each} |\n\n| confidence stated | samples | right |\n|---|--:|--:|")
    for tenth, found in sorted(stated.items()):
        print(f"| 0.{tenth} | {len(found)} | {100 * sum(found) / len(found):.1f} % |")


def _family(encoding: str) -> str:
    name = codecs.lookup(encoding).name
    if name.startswith("utf"):
        return "UTF"
    if name.startswith("cp125") or name == "cp874":
        return "Windows"
    if name.startswith("iso8859") or name == "tis-620":
        return "ISO 8859"
    if name.startswith(("mac", "koi8")):
        return "Mac, KOI8"
    return "DOS" if name[2:].isdigit() and name not in ("cp932", "cp949") else "East Asian"


def real(truth: Path) -> Iterator[Sample]:
    """Yield the files of a list that are not plain ASCII."""
    with truth.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            data = (truth.parent / "files" / row["file"]).read_bytes()
            text = decoded(data, row["encoding"])
            if text is not None and not data.isascii():
                yield Sample("", row["encoding"], row["encoding"], data, text)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--names", action="store_true")
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    packages = ("chardet", "charset-normalizer", "frictionless")
    print(f"{', '.join(f'{p} {version(p)}' for p in packages)}; seed {given.seed}.\n")
    cases = names(given.seed) if given.names else samples(given.seed)
    measure(real(given.truth) if given.truth else cases, given.misses)


if __name__ == "__main__":
    main()

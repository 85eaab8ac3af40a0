"""Which of the places in a JSON document holds its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ai_data_engineer.io.json_paths import EACH, escaped, unescaped
from ai_data_engineer.io.records import as_record
from ai_data_engineer.profiling.names import safe_names
from ai_data_engineer.profiling.records.json_header import is_header, names_elsewhere
from ai_data_engineer.profiling.records.json_places import (
    RECORD_NAMES,
    Kind,
    Place,
    place_in_array,
    places,
    size_of,
)

_MANY, _MOST_PAGES, _MOST_ALTERNATIVES = 10, 20, 5
_MOSTLY = 0.7

# Words of fields that speak of an answer or a file as a whole, not of one thing (as `id` does).
_ENVELOPE = frozenset([
    "page", "pages", "per", "perpage", "limit", "offset", "size", "total", "totals", "count",
    "number", "num", "from", "to", "next", "previous", "prev", "first", "last", "cursor", "more",
    "has", "status", "success", "ok", "code", "message", "messages", "took", "timed", "out",
    "meta", "metadata", "links", "link", "pagination", "paging", "info", "version", "api", "kind",
    "etag", "self", "href", "url", "uri", "request", "response", "timestamp", "time", "generated",
    "date", "updated", "created", "at", "type", "description", "copyright", "license", "error",
    "errors", "base", "source", "query", "parameters", "params", "context", "odata", "results",
    "result", "data", "returned", "matched", "max", "start", "end", "shards", "crs", "bbox",
    "token", "build", "feed", "schema", "format", "columns", "fields", "cols", "headers", "help",
    "head", "index", "names", "units", "included", "warnings", "facets", "aggregations", "unit",
    "timezone", "elapsed", "duration", "attribution", "documentation", "jsonapi", "class",
    "dataset",
])  # fmt: skip

# Words of fields that only a part of a longer answer has: an order has a date and a total as well.
_PAGING = frozenset([
    "page", "pages", "per", "limit", "offset", "next", "previous", "prev", "cursor", "more", "took",
    "success", "ok", "pagination", "paging", "meta", "metadata", "token", "links", "returned",
])  # fmt: skip


@dataclass(frozen=True)
class JsonStructure:
    """A document's records and where else records may lie."""

    path: str
    records: Sequence[dict[str, Any]]
    alternatives: tuple[str, ...] = ()
    names: tuple[str, ...] | None = None
    """Names of the columns of rows, where a header or a list in the document gives them."""
    kind: Kind = "objects"
    each: str = ""
    """Path of each record."""


def find_records(document: Any) -> JsonStructure:
    """Choose the place of the records of a document; one without any is itself the record.

    The place that holds most wins: its size counts, less where its records differ from each other
    or lie deep; what APIs call records counts for more, what they call side matters for less. A
    short list inside an object of other fields is a field of that one record.
    """
    whole = list(places(document))
    found = [_inner(place) for place in whole]
    found.sort(key=lambda place: -place.score)
    main = next((p for p in found[:1] if not p.path or _is_main(p, document, found[1:])), None)
    others = tuple(
        p.path
        for p in found
        if p is not main
        and p.kind != "values"
        and not (main and f"{p.within}/".startswith(f"{main.within}/"))
    )
    if main is not None:
        pages = tuple(p.path for p in whole if p.within == main.within and p.path != main.path)
        return replace(
            _structure(document, main), alternatives=(*pages, *others)[:_MOST_ALTERNATIVES]
        )
    if isinstance(document, list):
        return JsonStructure("", [as_record(item) for item in document], each="/*")
    empty = _empty_list(document)
    return (
        JsonStructure(empty, [])
        if empty
        else JsonStructure("", [as_record(document)], others[:_MOST_ALTERNATIVES])
    )


def find_in_documents(documents: Sequence[Any], *, as_lines: bool) -> JsonStructure | None:
    """Choose the records of several documents: they themselves, or a list in each (pages).

    None where `as_lines`, and each line is one record without more ado.
    """
    if all(isinstance(document, list) for document in documents):
        return _lists_in_a_row(documents, as_lines=as_lines)
    if (inner := _in_pages(documents)) is not None:
        pages = (EACH,)  # what stands around the lists is read under this path only
        return replace(inner, path=EACH + inner.path, each=EACH + inner.each, alternatives=pages)
    return None if as_lines else JsonStructure(EACH, [as_record(d) for d in documents], each=EACH)


def _lists_in_a_row(documents: Sequence[Any], *, as_lines: bool) -> JsonStructure | None:
    items = [item for document in documents for item in document]
    objects = sum(isinstance(item, dict) for item in items)
    if items and objects >= 0.9 * len(items):
        return JsonStructure(EACH, [as_record(item) for item in items], each=f"{EACH}/{EACH}")
    place = place_in_array("", documents)
    if place is not None and place.kind == "rows":
        structure = _structure(documents, place)
        if structure.names is None and as_lines:
            return None
        return replace(structure, path="1:" if structure.names else "0:")
    return None if as_lines else JsonStructure("0:", [as_record(d) for d in documents])


def _structure(document: Any, place: Place) -> JsonStructure:
    if place.kind != "rows":
        return JsonStructure(place.path, place.as_records(), kind=place.kind, each=place.each)
    if is_header(place.records):
        rows = [as_record(row) for row in place.records[1:]]
        header = tuple(place.records[0])
        return JsonStructure(f"{place.path}/1:", rows, (), header, place.kind, place.each)
    names = names_elsewhere(document, place.path, len(place.records[0]))
    return JsonStructure(place.path, place.as_records(), (), names, place.kind, place.each)


def _inner(place: Place) -> Place:
    """Return the place of the records in pages, where the records of a place are pages."""
    if place.kind != "objects" or place.path.endswith(EACH):
        return place
    pages = [record for record in place.records if isinstance(record, dict)]
    inner = _in_pages(pages)
    if inner is None:
        return place
    path = f"{place.path}/{EACH}{inner.path}"
    return replace(place, path=path, records=inner.records, each=f"{place.each}{inner.each}")


def _in_pages(documents: Sequence[Any]) -> JsonStructure | None:
    """Return the one list that nearly all of each document is, if their other fields wrap it."""
    looked_at = [d for d in documents if isinstance(d, dict)][:_MOST_PAGES]
    best: list[tuple[dict[str, Any], Place]] = []
    for document in looked_at:
        found = max(places(document), key=lambda p: p.score, default=None)
        if found is not None and found.path and found.kind in ("objects", "members"):
            best.append((document, found))
    if not best:
        return None
    path, count = Counter(place.path for _, place in best).most_common(1)[0]
    same = [(document, place) for document, place in best if place.path == path]
    held, records = sum(p.size for _, p in same), [r for _, p in same for r in p.records]
    if (
        count < _MOSTLY * len(best)
        or held < 0.5 * sum(map(size_of, looked_at))
        or len(records) < len(looked_at)
        or any(_envelope_share(document, place) < _MOSTLY for document, place in same)
        or not _is_page(same[0][0], path)
    ):
        return None
    return JsonStructure(path, [as_record(r) for r in records], each=same[0][1].each)


def _is_page(document: dict[str, Any], path: str) -> bool:
    """Whether a list is wrapped in what pages have, or in nothing, under a name of records."""
    name = unescaped(path.split("/")[1])
    if document.keys() == {name}:
        return path.rpartition("/")[2].lower() in RECORD_NAMES
    return any(_words(other) & _PAGING for other in document if other != name)


def _is_main(place: Place, document: Any, others: Sequence[Place]) -> bool:
    """Whether a place is what the document is for, rather than a list in one record."""
    whole = size_of(document)
    aside = sum(p.size for p in others if p.kind != "values" and not _overlap(p, place))
    share = place.size / max(1, whole - aside)
    wraps = _envelope_share(document, place) >= 0.5
    if place.kind == "values":
        return share >= 0.6 and wraps
    if place.size < 0.1 * whole:
        return False
    if len(place.records) >= _MANY:
        return True
    named = place.path.rpartition("/")[2].lower() in RECORD_NAMES
    return share >= (0.3 if wraps or named else 0.5)


def _overlap(one: Place, other: Place) -> bool:
    a, b = f"{one.within}/", f"{other.within}/"
    return a.startswith(b) or b.startswith(a)


def _envelope_share(document: Any, place: Place) -> float:
    """Return the share of the fields around a place that speak of the whole, 1 without any."""
    around: list[str] = []
    for step in place.within.split("/")[1:]:
        if isinstance(document, list):
            document = document[int(step)] if step.isdigit() and int(step) < len(document) else None
            continue
        if not isinstance(document, dict):
            break
        name = unescaped(step)
        around += [other for other in document if other != name]
        document = document.get(name)
    if not around:
        return 1.0
    return sum(_words(name) <= _ENVELOPE for name in around) / len(around)


def _words(name: str) -> frozenset[str]:
    return frozenset(safe_names([name])[0].split("_"))


def _empty_list(document: Any) -> str:
    """Return the path of a list of records that has none, in an answer that found nothing."""
    if not isinstance(document, dict):
        return ""
    for name, value in document.items():
        at = f"/{escaped(name)}"
        place = Place(at, "objects", (), 0, 0, at, at)
        if value == [] and name.lower() in RECORD_NAMES and _envelope_share(document, place) >= 0.5:
            return place.path
    return ""

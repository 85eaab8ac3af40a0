"""Where the records lie in an XML document."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ai_data_engineer.errors import SourceError
from ai_data_engineer.profiling.records.xml_survey import (
    Element,
    Path,
    local_name,
    namespace_of,
    survey,
)

LOOKED_AT = 2 * 1024 * 1024
"""Bytes of a longer document in which its records are looked for."""
_FEW, _MANY = 5, 10
_MAIN_SHARE, _MOST, _ALL_BUT = 0.4, 0.7, 0.8
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_ROOT = re.compile(r"<[A-Za-z_]")
_DECLARED = re.compile(r"\ufeff?\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


@dataclass(frozen=True)
class XmlStructure:
    """Path of the record element (`/catalog/book`, local names) and other places of records."""

    path: str
    alternatives: tuple[str, ...] = ()
    records: int = 0
    """Elements at the path in the part that was looked at."""
    qualified: Mapping[str, str] = field(default_factory=dict)
    """Names that another namespace has beside the same local name (`{urn:media}title`), and how
    they are written (`media:title`)."""
    is_spreadsheet: bool = False
    """Whether this is a workbook of Excel 2003."""


def refuse_doctype(text: str, *, location: str) -> None:
    """Raise SourceError `E_XML_DOCTYPE` when a document type is declared before the root."""
    root = _ROOT.search(text)
    if "<!DOCTYPE" in text[: root.start() if root else len(text)]:
        raise SourceError(
            "The XML declares a document type, which may define entities; it is not read.",
            code="E_XML_DOCTYPE",
            location=location,
            hint="Remove the <!DOCTYPE …> declaration.",
        )


def declared_encoding(text: str, *, location: str) -> str | None:
    """Return Python's name of the encoding that the XML declaration gives, None without one.

    Raises SourceError `E_ENCODING` for a name that nobody knows.
    """
    declaration = _DECLARED.match(text)
    if declaration is None:
        return None
    try:
        return codecs.lookup(declaration[1]).name
    except LookupError:
        pass
    raise SourceError(
        "The XML declares an encoding that is not known.",
        code="E_ENCODING",
        location=location,
        hint="Save the document as UTF-8 and declare that.",
    )


def find_record_path(
    beginning: bytes, *, location: str, looked_at: int = LOOKED_AT, is_whole: bool = False
) -> XmlStructure:
    """Choose the element that is the record from the beginning of a document.

    The repeated element that holds the most values wins. One that comes only a few times and holds
    many repeated ones (three shelves of a hundred books) gives way to these. In a document where
    nothing repeats, the innermost element that holds everything is the one record.

    Raises:
        SourceError: `E_BROKEN_XML`, `E_XML_LIMIT`, `E_NO_ROWS` for an empty root.
    """
    elements = survey(
        beginning[:looked_at], location, is_whole=is_whole and len(beginning) <= looked_at
    )
    if not elements:
        raise SourceError(
            "No element of the XML is whole.",
            code="E_BROKEN_XML",
            location=location,
            hint="Write or download the file again.",
        )
    whole = next(iter(elements.values())).values
    if not whole and len(elements) == 1:
        raise SourceError(
            "The XML is one empty element: there are no records.",
            code="E_NO_ROWS",
            location=location,
            hint="Check how the file was made.",
        )
    places = [path for path, seen in elements.items() if seen.most_siblings > 1]
    repeated = [path for path in places if _are_records(elements[path], whole)]
    if not repeated:
        return _structure(_only_record(elements), elements)
    best = _weightiest(repeated, elements)
    while inner := [p for p in repeated if len(p) > len(best) and p[: len(best)] == best]:
        candidate = _weightiest(inner, elements)
        outside, inside = elements[best], elements[candidate]
        # The last element of a sample may not be whole.
        has_fields = inside.values >= 2 * (inside.count - 1)
        mostly = inside.values >= _MOST * outside.values and has_fields
        if outside.count > _FEW or inside.count < _MANY * outside.count or not mostly:
            break
        best = candidate
    others = [
        p for p in places if p[: len(best)] != best and elements[p].values > elements[p].count
    ]
    others.sort(key=lambda path: -elements[path].values)
    return _structure(best, elements, tuple(_written(path) for path in others[:5]))


def _structure(
    path: Path, elements: dict[Path, Element], alternatives: tuple[str, ...] = ()
) -> XmlStructure:
    root = next(iter(elements.values()))
    return XmlStructure(
        _written(path),
        alternatives,
        elements[path].count,
        _told_apart(path, elements),
        is_spreadsheet=f"{{{_SPREADSHEET}}}Workbook" in root.names,
    )


def _told_apart(record: Path, elements: dict[Path, Element]) -> dict[str, str]:
    """Return the names in the records that share their local name with another one.

    The one in the namespace of its parent, or else the first one, goes by the local name.
    """
    found: dict[str, str] = {}
    for path, seen in elements.items():
        if path[: len(record)] != record:
            continue
        if len(seen.names) > 1 and path != record:
            parents = {namespace_of(name) for name in elements[path[:-1]].names}
            plain = next(
                (n for n in seen.names if namespace_of(n) in parents), next(iter(seen.names))
            )
            found |= {n: text for n, text in seen.names.items() if n != plain and n[0] == "{"}
        local = Counter(local_name(name) for name in seen.attributes)
        found |= {
            f"@{n}": f"@{text}"
            for n, text in seen.attributes.items()
            if n[0] == "{" and local[local_name(n)] > 1
        }
    return found


def _are_records(seen: Element, whole: int) -> bool:
    """Whether elements that repeat are more than a list inside the document's one record."""
    if not seen.children and seen.values <= seen.count:
        return seen.values >= _ALL_BUT * whole
    return seen.values >= _MAIN_SHARE * whole or seen.count >= _MANY


def _weightiest(paths: list[Path], elements: dict[Path, Element]) -> Path:
    return max(paths, key=lambda path: (elements[path].values, -len(path)))


def _only_record(elements: dict[Path, Element]) -> Path:
    path = next(iter(elements))
    while len(elements[path].children) == 1 and not elements[path].own_values:
        child = elements[path].children[0]
        if not elements[child].children and elements[child].own_values < 2:
            break
        path = child
    return path


def _written(path: Path) -> str:
    return "/" + "/".join(path)

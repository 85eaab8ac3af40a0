"""Where the records lie in an XML document."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ai_data_engineer.errors import SourceError

MAX_DEPTH = 64
MAX_ATTRIBUTES = 1000
_LOOKED_AT = 2 * 1024 * 1024
_CHUNK = 64 * 1024
_FEW, _MANY = 5, 10
_MAIN_SHARE, _MOST, _ALL_BUT = 0.4, 0.7, 0.8
_ROOT = re.compile(r"<[A-Za-z_]")

_DECLARED = re.compile(r"\ufeff?\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")

Path = tuple[str, ...]


@dataclass(frozen=True)
class XmlStructure:
    """Path of the record element (`/catalog/book`, local names) and other places of records."""

    path: str
    alternatives: tuple[str, ...] = ()


@dataclass
class _Element:
    """What was seen of the elements at one path."""

    count: int = 0
    most_siblings: int = 0
    values: int = 0
    """Attributes and texts in and below them."""
    own_values: int = 0
    children: list[Path] = field(default_factory=list)


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


def find_record_path(beginning: bytes, *, location: str) -> XmlStructure:
    """Choose the element that is the record from the beginning of a document.

    The repeated element that holds the most values wins. One that comes only a few times and holds
    many repeated ones (three shelves of a hundred books) gives way to these. In a document where
    nothing repeats, the innermost element that holds everything is the one record.

    Raises:
        SourceError: `E_BROKEN_XML`, `E_XML_LIMIT`, `E_NO_ROWS` for an empty root.
    """
    elements = _survey(beginning[:_LOOKED_AT], location)
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
        return XmlStructure(_written(_only_record(elements)))
    best = _weightiest(repeated, elements)
    while inner := [p for p in repeated if len(p) > len(best) and p[: len(best)] == best]:
        candidate = _weightiest(inner, elements)
        outside, inside = elements[best], elements[candidate]
        mostly = inside.values >= _MOST * outside.values and inside.values >= 2 * inside.count
        if outside.count > _FEW or inside.count < _MANY * outside.count or not mostly:
            break
        best = candidate
    others = [
        p for p in places if p[: len(best)] != best and elements[p].values > elements[p].count
    ]
    others.sort(key=lambda path: -elements[path].values)
    return XmlStructure(_written(best), tuple(_written(path) for path in others[:5]))


def _are_records(seen: _Element, whole: int) -> bool:
    """Whether elements that repeat are more than a list inside the document's one record."""
    if not seen.children and seen.values <= seen.count:
        return seen.values >= _ALL_BUT * whole
    return seen.values >= _MAIN_SHARE * whole or seen.count >= _MANY


def _weightiest(paths: list[Path], elements: dict[Path, _Element]) -> Path:
    return max(paths, key=lambda path: (elements[path].values, -len(path)))


def _only_record(elements: dict[Path, _Element]) -> Path:
    path = next(iter(elements))
    while len(elements[path].children) == 1 and not elements[path].own_values:
        child = elements[path].children[0]
        if not elements[child].children and elements[child].own_values < 2:
            break
        path = child
    return path


def _written(path: Path) -> str:
    return "/" + "/".join(path)


def _survey(beginning: bytes, location: str) -> dict[Path, _Element]:
    elements: dict[Path, _Element] = {}
    path: Path = ()
    siblings: list[Counter[Path]] = [Counter()]
    values = [0]
    for event, element in _events(beginning, location):
        if event == "start":
            parent, path = path, (*path, etree.QName(element).localname)
            if len(path) > MAX_DEPTH or len(element.attrib) > MAX_ATTRIBUTES:
                raise _over_the_limit(location)
            if path not in elements:
                elements[path] = _Element()
                if parent:
                    elements[parent].children.append(path)
            seen = elements[path]
            siblings[-1][path] += 1
            seen.count += 1
            seen.most_siblings = max(seen.most_siblings, siblings[-1][path])
            siblings.append(Counter())
            values.append(0)
        else:
            seen = elements[path]
            own = len(element.attrib) + bool(element.text and element.text.strip())
            inside = values.pop() + own
            seen.own_values += own
            seen.values += inside
            values[-1] += inside
            siblings.pop()
            path = path[:-1]
            element.clear()
    for unfinished in range(len(path), 0, -1):  # what the end of the sample left open
        inside = values.pop()
        elements[path[:unfinished]].values += inside
        values[-1] += inside
    return elements


def _events(beginning: bytes, location: str) -> Iterator[tuple[str, etree._Element]]:
    """Yield the starts and ends of elements; the document may end anywhere."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
        collect_ids=False,
    )
    line = None
    for start in range(0, len(beginning), _CHUNK):
        try:
            parser.feed(beginning[start : start + _CHUNK])
        except etree.XMLSyntaxError as error:
            line = error.lineno or 1
        yield from parser.read_events()  # type: ignore[misc]  # only elements are asked for
        if line is not None:
            break
    if line is not None:
        raise SourceError(
            f"This is no well-formed XML from line {line} on.",
            code="E_BROKEN_XML",
            location=location,
            hint="Check whether the file breaks off or was edited by hand.",
        )


def _over_the_limit(location: str) -> SourceError:
    return SourceError(
        f"The XML nests deeper than {MAX_DEPTH} levels or has an element with more than "
        f"{MAX_ATTRIBUTES} attributes.",
        code="E_XML_LIMIT",
        location=location,
        hint="Flatten it, or cut out the part that holds the records.",
    )

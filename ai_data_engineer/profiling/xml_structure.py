"""Where the records lie in an XML document."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ai_data_engineer.errors import SourceError

MAX_DEPTH = 64
MAX_ATTRIBUTES = 1000
LOOKED_AT = 2 * 1024 * 1024
"""Bytes of a longer document in which its records are looked for."""
_CHUNK = 64 * 1024
_FEW, _MANY = 5, 10
_MAIN_SHARE, _MOST, _ALL_BUT = 0.4, 0.7, 0.8
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_ERRORS = etree.ErrorTypes
_DEFECTS: dict[int, tuple[str, str]] = {
    _ERRORS.ERR_DOCUMENT_END: (
        ": something follows the end of the root element",
        "Put one element around all the others, or remove what follows.",
    ),
    _ERRORS.ERR_UNDECLARED_ENTITY: (
        ": an entity such as &nbsp; is not declared",
        "Write the character itself, or its number (&#160;).",
    ),
    _ERRORS.ERR_RESERVED_XML_NAME: (
        ": something stands before <?xml …?>",
        "Remove the blanks or lines before it.",
    ),
    _ERRORS.ERR_TAG_NAME_MISMATCH: (
        ": an element is closed that is not the innermost one open",
        "Check whether a part is missing there.",
    ),
    **dict.fromkeys(
        (_ERRORS.ERR_NAME_REQUIRED, _ERRORS.ERR_ENTITYREF_SEMICOL_MISSING),
        (": there is a bare & or <", "Write &amp; or &lt;."),
    ),
}
_NO_DEFECT = ("", "Check whether the file breaks off or was edited by hand.")
_ROOT = re.compile(r"<[A-Za-z_]")

_DECLARED = re.compile(r"\ufeff?\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")

Path = tuple[str, ...]


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


@dataclass
class _Element:
    """What was seen of the elements at one path."""

    count: int = 0
    most_siblings: int = 0
    values: int = 0
    """Attributes and texts in and below them."""
    own_values: int = 0
    children: list[Path] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Names with their namespace, and as written."""
    attributes: dict[str, str] = field(default_factory=dict)


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
    beginning: bytes, *, location: str, looked_at: int = LOOKED_AT
) -> XmlStructure:
    """Choose the element that is the record from the beginning of a document.

    The repeated element that holds the most values wins. One that comes only a few times and holds
    many repeated ones (three shelves of a hundred books) gives way to these. In a document where
    nothing repeats, the innermost element that holds everything is the one record.

    Raises:
        SourceError: `E_BROKEN_XML`, `E_XML_LIMIT`, `E_NO_ROWS` for an empty root.
    """
    elements = _survey(beginning[:looked_at], location)
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
        mostly = inside.values >= _MOST * outside.values and inside.values >= 2 * inside.count
        if outside.count > _FEW or inside.count < _MANY * outside.count or not mostly:
            break
        best = candidate
    others = [
        p for p in places if p[: len(best)] != best and elements[p].values > elements[p].count
    ]
    others.sort(key=lambda path: -elements[path].values)
    return _structure(best, elements, tuple(_written(path) for path in others[:5]))


def _structure(
    path: Path, elements: dict[Path, _Element], alternatives: tuple[str, ...] = ()
) -> XmlStructure:
    root = next(iter(elements.values()))
    return XmlStructure(
        _written(path),
        alternatives,
        elements[path].count,
        _told_apart(path, elements),
        is_spreadsheet=f"{{{_SPREADSHEET}}}Workbook" in root.names,
    )


def _told_apart(record: Path, elements: dict[Path, _Element]) -> dict[str, str]:
    """Return the names in the records that share their local name with another one.

    The one in the namespace of its parent, or else the first one, goes by the local name.
    """
    found: dict[str, str] = {}
    for path, seen in elements.items():
        if path[: len(record)] != record:
            continue
        if len(seen.names) > 1 and path != record:
            parents = {_namespace(name) for name in elements[path[:-1]].names}
            plain = next(
                (n for n in seen.names if _namespace(n) in parents), next(iter(seen.names))
            )
            found |= {n: text for n, text in seen.names.items() if n != plain and n[0] == "{"}
        local = Counter(etree.QName(name).localname for name in seen.attributes)
        found |= {
            f"@{n}": f"@{text}"
            for n, text in seen.attributes.items()
            if n[0] == "{" and local[etree.QName(n).localname] > 1
        }
    return found


def _namespace(name: str) -> str | None:
    return etree.QName(name).namespace


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
            _note_names(seen, element)
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


def _note_names(seen: _Element, element: etree._Element) -> None:
    tag = str(element.tag)
    if tag not in seen.names:
        local = etree.QName(tag).localname
        seen.names[tag] = f"{element.prefix}:{local}" if element.prefix else local
    for name in element.attrib:
        if name not in seen.attributes and not str(name).startswith(_XSI):
            seen.attributes[str(name)] = _as_written(str(name), element)


def _as_written(name: str, element: etree._Element) -> str:
    parts = etree.QName(name)
    prefixes = {uri: prefix for prefix, uri in element.nsmap.items() if prefix}
    prefix = prefixes.get(parts.namespace or "")
    return f"{prefix}:{parts.localname}" if prefix else parts.localname


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
    problem = None
    for start in range(0, len(beginning), _CHUNK):
        try:
            parser.feed(beginning[start : start + _CHUNK])
        except etree.XMLSyntaxError as error:
            problem = error
        yield from parser.read_events()  # type: ignore[misc]  # only elements are asked for
        if problem is not None:
            break
    if problem is not None:
        # The parser's own text may quote content: only what kind of problem it has is told.
        what, mend = _DEFECTS.get(getattr(problem, "code", 0), _NO_DEFECT)
        raise SourceError(
            f"This is no well-formed XML from line {problem.lineno or 1} on{what}.",
            code="E_BROKEN_XML",
            location=location,
            hint=mend,
        )


def _over_the_limit(location: str) -> SourceError:
    return SourceError(
        f"The XML nests deeper than {MAX_DEPTH} levels or has an element with more than "
        f"{MAX_ATTRIBUTES} attributes.",
        code="E_XML_LIMIT",
        location=location,
        hint="Flatten it, or cut out the part that holds the records.",
    )

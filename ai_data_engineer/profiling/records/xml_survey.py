"""Which elements a beginning of an XML document has: how many, where, and what they hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ai_data_engineer.errors import SourceError

MAX_DEPTH = 64
MAX_ATTRIBUTES = 1000
_CHUNK = 64 * 1024
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_ERRORS = etree.ErrorTypes
_DEFECTS: dict[int, tuple[str, str]] = {
    _ERRORS.ERR_DOCUMENT_END: (
        ": something follows the end of the root element",
        "Put one element around all the others, or remove what follows.",
    ),
    _ERRORS.ERR_RESERVED_XML_NAME: (
        ": something stands before <?xml …?>",
        "Remove the blanks or lines before it.",
    ),
    **dict.fromkeys(
        (_ERRORS.ERR_TAG_NOT_FINISHED, _ERRORS.ERR_GT_REQUIRED, _ERRORS.ERR_DOCUMENT_EMPTY),
        (": it breaks off", "Write or download the file again."),
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
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w*;")
_UNDECLARED = (
    ": an entity such as &nbsp; is not declared",
    "Write the character itself, or its number (&#160;).",
)

Path = tuple[str, ...]


@dataclass
class Element:
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


def survey(beginning: bytes, location: str, *, is_whole: bool = False) -> dict[Path, Element]:
    """Count the elements at each path of local names; one that is not whole may end anywhere.

    Raises SourceError `E_BROKEN_XML`, or `E_XML_LIMIT` beyond 64 levels or 1,000 attributes.
    """
    elements: dict[Path, Element] = {}
    path: Path = ()
    siblings: list[Counter[Path]] = [Counter()]
    values = [0]
    for event, element in _events(beginning, location, is_whole=is_whole):
        if event == "start":
            parent, path = path, (*path, local_name(str(element.tag)))
            if len(path) > MAX_DEPTH or len(element.attrib) > MAX_ATTRIBUTES:
                raise _over_the_limit(location)
            if path not in elements:
                elements[path] = Element()
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


def _note_names(seen: Element, element: etree._Element) -> None:
    tag = str(element.tag)
    if tag not in seen.names:
        local = local_name(tag)
        seen.names[tag] = f"{element.prefix}:{local}" if element.prefix else local
    for name in element.attrib:
        if name not in seen.attributes and not str(name).startswith(_XSI):
            seen.attributes[str(name)] = _as_written(str(name), element)


def _as_written(name: str, element: etree._Element) -> str:
    prefixes = {uri: prefix for prefix, uri in element.nsmap.items() if prefix}
    prefix = prefixes.get(namespace_of(name) or "")
    return f"{prefix}:{local_name(name)}" if prefix else local_name(name)


def local_name(name: str) -> str:
    """Return a name without its namespace; one whose prefix is not declared keeps the prefix."""
    return name.rpartition("}")[2]


def namespace_of(name: str) -> str | None:
    """Return the namespace in a name such as `{urn:a}b`."""
    return name[1:].rpartition("}")[0] if name.startswith("{") else None


def _events(
    beginning: bytes, location: str, *, is_whole: bool
) -> Iterator[tuple[str, etree._Element]]:
    """Yield the starts and ends of elements."""
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
    if problem is None and is_whole:
        try:
            parser.close()
        except etree.XMLSyntaxError as error:
            problem = error
        yield from parser.read_events()  # type: ignore[misc]
    if problem is not None:
        # The parser's own text may quote content: only what kind of problem it has is told.
        # Of an entity it tells nothing.
        unknown = _UNDECLARED if _ENTITY.search(beginning) else _NO_DEFECT
        what, mend = _DEFECTS.get(getattr(problem, "code", 0), unknown)
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

"""What a single cell looks like, whatever its column: evidence for dialects and headers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

CellKind = Literal[
    "empty", "null", "number", "moment", "address", "token", "document", "words", "quoted", "other"
]

_MONEY = r"(?:[€$£¥₹]|[A-Z]{3}\s)?"
_KINDS = re.compile(
    rf"""
      (?P<empty>\s*)
    | (?P<null>(?i:na|n/a|\#n/a|nan|null|none|nil)|-+|\?|\\N|\.)
    | (?P<number>
          [-+]?\s?{_MONEY}\s?[-+]?(?:\d+|\d{{1,3}}(?:[,.\s'’]\d{{3}})+)(?:[.,]\d+)?(?:[eE][-+]?\d+)?
              \s?(?:%|‰|[€$£¥]|[A-Za-z°]{{1,3}})?
        | \(\d[\d,.]*\)
        | \d+'\s?\d+(?:\.\d+)?"
        | [-+]?[.,]\d+(?:[eE][-+]?\d+)?)
    | (?P<moment>
          (?:\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}
           | \d{{1,2}}[-\s/.](?i:[a-z]{{3,9}})[-\s/.,]+\d{{2,4}}
           | (?i:[a-z]{{3,9}})\.?\s\d{{1,2}},?\s\d{{4}}
           | (?i:[a-z]{{3}},\s)\d{{1,2}}\s(?i:[a-z]{{3}})\s\d{{4}})
          (?:[T\s,]+\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?(?:\s?(?i:[ap]\.?m\.?))?
             \s?(?:Z|[A-Z]{{3,4}}|[+-]\d{{2}}:?\d{{2}})?)?
        | \d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?(?:\s?(?i:[ap]\.?m\.?))?)
    | (?P<address>
          (?:[A-Za-z][A-Za-z0-9+.-]*://|www\.)[\w:/?\#\[\]@!$&'()*+=.~%-]+
        | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
        | (?:\d{{1,3}}\.){{3}}\d{{1,3}}(?:[:/]\d{{1,5}})?
        | [0-9a-fA-F]{{8}}(?:-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}})
    | (?P<token>\w[\w.-]*)
    | (?P<document>\{{.*\}}|\[.*\])
    | (?P<quoted>"[^"]*"|'[^']*'|`[^`]*`|~[^~]*~)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORDS = re.compile(r"\w[\w \n\xa0.'’&()/+%°!?-]*")
_LONG = 400


@lru_cache(maxsize=1 << 16)
def cell_kind(cell: str) -> CellKind:
    """Return the kind of a cell.

    `address` is a URL, an e-mail or a UUID; `token` one word or code; `document` JSON; `quoted`
    a cell with quotes left around or in it; `words` plain text; `other` text with separators in it.
    """
    cell = cell.strip()
    if len(cell) < _LONG and (found := _KINDS.fullmatch(cell)):
        return found.lastgroup  # type: ignore[return-value]
    if _WORDS.fullmatch(cell) and any(c.isalpha() for c in cell) and "   " not in cell:
        return "words"
    return "quoted" if '"' in cell else "other"

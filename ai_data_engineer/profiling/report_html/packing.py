"""What opens below a column, packed where there are many of them.

Ten thousand columns are 30 MB of tables and charts, which nobody opens all of. In a wide report
they are compressed, a hundred columns a piece, and unpacked when one is opened.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Sequence

from markupsafe import Markup

WIDE = 300
"""Columns from which on a report is packed."""
PER_PIECE = 100


def packed(bodies: Iterable[str]) -> Sequence[Markup]:
    """Return pieces of HTML, base64 over zlib. The bodies in a piece are parted by U+0000.

    No body holds that character: what cannot be seen is written out.
    """
    every = list(bodies)
    return [
        _packed("\0".join(every[start : start + PER_PIECE]))
        for start in range(0, len(every), PER_PIECE)
    ]


def _packed(piece: str) -> Markup:
    return Markup(base64.b64encode(zlib.compress(piece.encode(), 9)).decode())  # noqa: S704

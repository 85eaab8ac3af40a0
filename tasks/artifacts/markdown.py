"""Markdown of texts from outside, tables and pictures."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence


class Raw(str):
    """Text that is Markdown already."""


def text(of: str) -> str:
    """Return text from outside so that Markdown shows it and does not read it."""
    if isinstance(of, Raw):
        return of
    plain = " ".join(of.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_{}\[\]|#!])", r"\\\1", plain)


def code(of: str) -> Raw:
    """Return text as it would be typed."""
    return Raw(f"`{' '.join(of.split()).replace('`', '')}`")


def table(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the lines of a table, its columns named by the first row; none for no rows."""
    if not rows:
        return []
    return [
        f"| {' | '.join(rows[0])} |",
        f"|{'---|' * len(rows[0])}",
        *(f"| {' | '.join(text(value) for value in row.values())} |" for row in rows),
    ]


def facts(of: Mapping[str, str]) -> list[str]:
    """Return the lines of a list of names and what they are."""
    return [f"- **{name}:** {text(value)}" for name, value in of.items()]


def picture(svg: str, words: str) -> Raw:
    """Return an SVG as a picture that needs no server; `words` are for who cannot see it.

    Of Prefect's two UIs one shows no diagram but as a picture, and neither shows SVG as it is.
    """
    data = base64.b64encode(svg.encode()).decode()
    return Raw(f"![{text(words)}](data:image/svg+xml;base64,{data})")


def key(*words: str) -> str:
    """Return the key of an artifact: Prefect takes small letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")

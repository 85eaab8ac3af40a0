"""Ids are a server's own. In a backup names stand for them, so that it fits another server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Brackets that no name, template or address has.
_NAMED = re.compile("⟦([^⟦⟧]+)⟧")


def with_names(value: Any, names: Mapping[str, str]) -> Any:
    """Return the value with each id that is known as `⟦kind:name⟧`; others stay."""
    return _each_text(
        value,
        lambda text: _UUID.sub(
            lambda found: f"⟦{names[found[0]]}⟧" if found[0] in names else found[0], text
        ),
    )


def with_ids(value: Any, ids: Mapping[str, str]) -> Any:
    """Return the value with each `⟦kind:name⟧` as this server's id; raises KeyError for none."""
    return _each_text(value, lambda text: _NAMED.sub(lambda found: ids[found[1]], text))


def named_in(value: Any) -> set[str]:
    """Return what the value refers to, as `kind:name`."""
    found: set[str] = set()

    def collect(text: str) -> str:
        found.update(_NAMED.findall(text))
        return text

    _each_text(value, collect)
    return found


def _each_text(value: Any, change: Any) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {change(key): _each_text(item, change) for key, item in value.items()}
        case list():
            return [_each_text(item, change) for item in value]
    return value

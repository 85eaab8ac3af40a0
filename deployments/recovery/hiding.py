"""What in a configuration is secret, and how it is taken out and put back.

Prefect itself stars only fields that a block declares as secret, and of those not the ones with
a structure (a `Secret` that holds JSON is given in clear). Keys lie elsewhere, too: in the settings
of file systems, and in job variables, where deploying has resolved `{{ prefect.blocks.… }}`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any

from tasks.redaction import redact

Pointer = tuple[str | int, ...]
"""Where something lies: keys and indices from the root on."""

HIDDEN = "⟦hidden⟧"
"""Stands in a backup where a secret was."""
SHORTEST = 6
"""Shorter secrets are hidden where they are declared; searched for elsewhere they are words."""
_NAMES = re.compile(
    r"(?i)(secret|password|passphrase|token|api_?key|auth_string|encryption_key|credential"
    r"|private_key|access_key|signature|dsn$|^key$|_key$|connection_url$)"
)
_TEMPLATE = re.compile(r"\s*\{\{[^{}]*\}\}\s*")
_NOT_CONFIGURED = ("block_types", "block_schemas", "parameter_openapi_schema")
"""Generated from code; what is called password in there is the name of a field."""


def secrets_in(root: Any, declared: Iterable[Pointer]) -> list[Pointer]:
    """Return where secrets lie: where declared, where a name or a form says so, and repeated."""
    places = [place for place in declared if value_at(root, place) not in (None, "", [], {})]
    known = {text for place in places for text in _texts(value_at(root, place))}
    found = list(dict.fromkeys(places))
    for place, text in _leaves(root, ()):
        inside = any(place[: len(outer)] == outer for outer in places)
        if not inside and not _TEMPLATE.fullmatch(text) and _is_secret(place, text, known):
            found.append(place)
    return found


def without(root: Any, places: Iterable[Pointer]) -> tuple[Any, list[tuple[Pointer, Any]]]:
    """Return the value with HIDDEN in these places, and what was there."""
    shown = copy.deepcopy(root)
    taken: list[tuple[Pointer, Any]] = []
    for place in places:
        taken.append((place, value_at(root, place)))
        _set(shown, place, HIDDEN)
    return shown, taken


def with_secrets(shown: Any, taken: Iterable[tuple[Pointer, Any]]) -> Any:
    """Return the value with what was hidden put back."""
    whole = copy.deepcopy(shown)
    for place, value in taken:
        _set(whole, place, value)
    return whole


def pruned(value: Any) -> Any:
    """Return the value without what is hidden in it."""
    match value:
        case dict():
            return {key: pruned(item) for key, item in value.items() if item != HIDDEN}
        case list():
            return [pruned(item) for item in value if item != HIDDEN]
    return value


def hidden_in(value: Any) -> list[str]:
    """Return where something is hidden, as `data.api_keys`."""
    return [".".join(map(str, place)) for place, text in _leaves(value, ()) if text == HIDDEN]


def value_at(root: Any, place: Pointer) -> Any:
    """Return what lies there, None where there is no such place."""
    for step in place:
        try:
            root = root[step]
        except (KeyError, IndexError, TypeError):
            return None
    return root


def _is_secret(place: Pointer, text: str, known: set[str]) -> bool:
    # Sections and most keys are names that people chose; that of a variable says what it holds.
    steps = place[1:] if place[0] == "variables" else place[2:]
    named = any(isinstance(step, str) and _NAMES.search(step) for step in steps)
    return bool(text) and (named or redact(text) != text or any(part in text for part in known))


def _texts(value: Any) -> Iterator[str]:
    for _, text in _leaves(value, ()):
        if len(text) >= SHORTEST:
            yield text


def _leaves(value: Any, place: Pointer) -> Iterator[tuple[Pointer, str]]:
    match value:
        case str():
            yield place, value
        case dict():
            for key, item in value.items():
                if key not in _NOT_CONFIGURED:
                    yield from _leaves(item, (*place, key))
        case list():
            for number, item in enumerate(value):
                yield from _leaves(item, (*place, number))


def _set(root: Any, place: Pointer, value: Any) -> None:
    for step in place[:-1]:
        root = root[step]
    root[place[-1]] = value

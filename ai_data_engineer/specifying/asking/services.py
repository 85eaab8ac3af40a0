"""Names for a service and for its keys, under which runs share what they know of them."""

from __future__ import annotations

import hashlib

from pydantic import SecretStr

from ai_data_engineer.specifying.author import Author


def service_name(author: Author) -> str:
    """Return the same word for all who ask the same endpoint; its address cannot be read in it."""
    if not author.base_url:
        return author.provider
    return f"{author.provider}-{_digest(author.base_url.rstrip('/'))}"


def key_name(author: Author, key: SecretStr) -> str:
    """Return a word for a key: a short digest, bound to the service, from which no key follows."""
    return _digest(f"{service_name(author)}\n{key.get_secret_value()}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]

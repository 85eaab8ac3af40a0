"""How documents and errors lie in the result store: as JSON, and as nothing but our own classes.

Prefect's own JSON form imports whatever class a stored text names, takes a record's field called
`__class__` for one of these names, and turns a class that is gone into a plain dict without a word.
"""

from __future__ import annotations

import importlib
from typing import Any

from prefect.context import SyncClientContext
from prefect.results import get_default_result_storage
from prefect.serializers import JSONSerializer

from ai_data_engineer.batching.request import BatchFailed
from ai_data_engineer.document import Document
from ai_data_engineer.errors import AdeError, ProviderError
from ai_data_engineer.specifying.providers.protocol import ModelError

_ROOT = "ai_data_engineer."


def storage() -> Any:
    """Return the block that results of this process are stored in, if no flow says otherwise.

    Prefect asks the server for it by a client that it does not close, unless there is one already.
    """
    with SyncClientContext.get_or_create():
        return get_default_result_storage()


def encode(value: Any) -> dict[str, Any]:
    """Return a document or an error as a JSON object; raises TypeError for anything else."""
    if isinstance(value, Document):
        # The document stays one text, so that nothing inside it is taken for a document.
        return {"$document": _name(type(value)), "json": value.to_json()}
    if isinstance(value, AdeError):
        fields = {k: getattr(value, k) for k in ("message", "code", "location", "hint")}
        # A model's failure holds what the model said, which is not kept.
        kind = ProviderError if isinstance(value, ModelError) else type(value)
        if isinstance(value, BatchFailed):
            fields["result"] = value.result
        return {"$error": _name(kind), **fields}
    if isinstance(value, BaseException):
        # Of an error that is not ours only the kind is kept: its text may quote data or keys.
        return {"$error": _name(AdeError), "message": f"A {type(value).__name__} ended the run."}
    raise TypeError(f"{type(value).__name__} is neither a document nor an error")


def decode(stored: dict[str, Any]) -> Any:
    """Return what `encode` was given; raises TypeError for a class that is not one of ours."""
    if "$document" in stored:
        return _class(stored["$document"], Document).from_json(stored["json"])
    if "$error" in stored:
        fields = dict(stored)
        return _class(fields.pop("$error"), AdeError)(fields.pop("message"), **fields)
    return stored


def _name(cls: type) -> str:
    return f"{cls.__module__}:{cls.__qualname__}"


def _class(name: str, base: type[Any]) -> Any:
    module, _, attribute = name.partition(":")
    found = (
        getattr(importlib.import_module(module), attribute) if module.startswith(_ROOT) else None
    )
    if not (isinstance(found, type) and issubclass(found, base)):
        raise TypeError(f"the stored result is not a {base.__name__} of this version")
    return found


RESULTS: JSONSerializer[Any] = JSONSerializer(
    object_encoder=f"{__name__}.encode", object_decoder=f"{__name__}.decode"
)

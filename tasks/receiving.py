"""Receive: find out what content a source has, so that the stages behind can be keyed on it."""

from __future__ import annotations

from prefect import task

from ai_data_engineer.document import Document
from ai_data_engineer.io.addresses import redact, scheme_of
from ai_data_engineer.io.storage_errors import changed
from ai_data_engineer.settings import load_settings
from ai_data_engineer.sources.digest import content_digest, told_digest
from ai_data_engineer.sources.location import locate
from ai_data_engineer.sources.sample import GLANCE_BYTES, read_sample
from tasks import events, measuring
from tasks.measuring import measured
from tasks.redaction import redacted
from tasks.stages import NOT_KEPT, RETRIED


class Received(Document):
    """A source and the digest of what is stored there now."""

    uri: str
    digest: str


def require_unchanged(source: Received) -> None:
    """Raise SourceError `E_CHANGED` where storage says that a source is another one meanwhile.

    Else what is read of it now would be kept, and mixed, under the digest of what it was.
    """
    if scheme_of(source.uri) in ("", "file"):
        return  # it would have to be read for it
    if (told_digest(source.uri) or source.digest) != source.digest:
        raise changed(redact(source.uri))


@task(name="receive", **NOT_KEPT, **RETRIED)
@measured
@redacted
def receive(uri: str) -> Received:
    """Return the source's digest, for which it is read unless its storage tells one.

    Raises SourceError when it cannot be read.
    """
    settings = load_settings()
    size = 0
    for file in locate(uri, settings):
        # What is empty, too large or not allowed is refused before it is read whole.
        size += read_sample(file, settings, budget=GLANCE_BYTES).size
    received = Received(uri=uri, digest=content_digest(uri))
    measuring.received(size)
    events.source_received(redact(uri), received.digest)
    return received

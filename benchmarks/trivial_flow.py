"""A flow that does nothing, to tell what Prefect takes by itself."""

from prefect import flow


@flow
def trivial(uri: str) -> str:
    """Return what it was given."""
    return uri

"""What may be read, said for all workers at once."""

from __future__ import annotations

from typing import Annotated

from prefect.blocks.core import Block
from pydantic import AfterValidator, Field, HttpUrl

from ai_data_engineer.settings import absolute, host_name


class SourcePolicy(Block):
    """Which buckets, web servers and folders may be read. Saved as `source-policy`, it is found.

    It narrows what the environment of a worker allows and cannot widen it: both have to allow a
    source. An empty list narrows nothing, `none` alone forbids all of its kind.

    Example:
        Load the stored policy:

        ```python
        from blocks.source_policy import SourcePolicy

        policy = SourcePolicy.load("BLOCK_NAME")
        ```
    """

    _block_type_name = "Source Policy"
    _block_type_slug = "source-policy"
    _documentation_url = HttpUrl(
        "https://docs.prefect.io/v3/concepts/blocks#access-blocks-from-code"
    )

    buckets: list[str] = Field(
        default_factory=list,
        title="Buckets",
        description="S3 buckets by their exact names, or `bucket/prefix` for what lies below a "
        "prefix. Where there are any, bundles go on S3 where ADE_BUNDLES says and nowhere else; "
        "empty leaves it to ADE_ALLOWED_BUCKETS.",
        examples=[["shop", "archive/orders"]],
    )
    hosts: list[Annotated[str, AfterValidator(host_name)]] = Field(
        default_factory=list,
        title="Web servers",
        description="Names without scheme, port or path; `*.example.com` stands for those below "
        "example.com; empty leaves it to ADE_ALLOWED_HOSTS.",
        examples=[["data.example.com", "*.example.org"]],
    )
    folders: list[Annotated[str, AfterValidator(absolute)]] = Field(
        default_factory=list,
        title="Folders",
        description="Absolute folders of the workers' machines, with all below them, links "
        "resolved. Where there are any, bundles lie where ADE_BUNDLES says and nowhere else; "
        "empty leaves it to ADE_ALLOWED_FOLDERS.",
        examples=[["/data/in"]],
    )

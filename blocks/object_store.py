"""Keys for S3, and where it answers."""

from __future__ import annotations

from typing import Self

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl, SecretStr, model_validator


class ObjectStore(Block):
    """Keys for Amazon S3, or a server that speaks its protocol.

    Saved as `s3`, it is found by itself. Once it is there, sources and bundles on S3 are read and
    written with it alone, and never with what the worker's own environment or role would allow.

    Example:
        Load the stored keys:

        ```python
        from blocks.object_store import ObjectStore

        store = ObjectStore.load("BLOCK_NAME")
        ```
    """

    _block_type_name = "Object Store"
    _block_type_slug = "object-store"
    _documentation_url = HttpUrl(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"
    )

    access_key_id: SecretStr | None = Field(
        default=None,
        title="Access key ID",
        description="First half of the key; without one only public buckets can be read.",
    )
    secret_access_key: SecretStr | None = Field(
        default=None, title="Secret access key", description="Second half of the key."
    )
    session_token: SecretStr | None = Field(
        default=None,
        title="Session token",
        description="Third part of a key that holds for some hours; others have none.",
    )
    region: str | None = Field(
        default=None,
        title="Region",
        description="Where the buckets lie, such as eu-central-1; empty is us-east-1.",
    )
    endpoint: str | None = Field(
        default=None,
        title="Endpoint",
        description="Where another server than Amazon's answers, such as https://minio.example.org.",
    )
    path_style: bool = Field(
        default=False,
        title="Bucket in the path",
        description="Whether it wants HOST/BUCKET/KEY and not BUCKET.HOST/KEY, as MinIO does.",
    )
    buckets: list[str] = Field(
        default_factory=list,
        title="Buckets",
        description="The only buckets that it is used for, others are refused; empty is any.",
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        halves = (self.access_key_id, self.secret_access_key)
        # Set in a form: a field that was emptied is "".
        if len({bool(half and half.get_secret_value().strip()) for half in halves}) > 1:
            raise ValueError("a key has two halves: access key ID and secret access key")
        if self.endpoint and not self.endpoint.startswith(("http://", "https://")):
            raise ValueError("the endpoint begins with https:// or http://")
        return self

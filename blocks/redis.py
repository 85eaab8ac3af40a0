"""Where machines share what is cached, spent and locked."""

from __future__ import annotations

from prefect.blocks.core import Block
from pydantic import Field, HttpUrl, SecretStr


class RedisStore(Block):
    """A Redis through which workers on several machines share caches, budgets and locks.

    Saved as `redis`, it is found by itself; without it the machines know nothing of each other.

    Example:
        Load the stored address:

        ```python
        from blocks.redis import RedisStore

        store = RedisStore.load("BLOCK_NAME")
        ```
    """

    _block_type_name = "Redis Store"
    _block_type_slug = "redis-store"
    _documentation_url = HttpUrl("https://redis.readthedocs.io/en/stable/connections.html")

    url: SecretStr | None = Field(
        default=None,
        title="URL",
        description="redis://HOST:6379/0, rediss://USER:PASSWORD@HOST:6379/0 for TLS, or "
        "unix:///run/redis.sock; options such as ?socket_timeout=1 are taken; "
        "empty takes ADE_REDIS_URL, else files in ADE_HOME.",
    )
    prefix: str = Field(
        default="ade",
        title="Prefix",
        description="All keys begin with it; another one for each group of workers that shall "
        "not share.",
    )

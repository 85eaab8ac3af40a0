"""The store that runs share: a Prefect block, else the environment."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote, urlsplit

from ai_data_engineer.errors import SettingsError
from ai_data_engineer.settings import Settings, load_settings
from ai_data_engineer.stores.opening import open_store
from ai_data_engineer.stores.protocol import Store
from blocks.redis import RedisStore
from tasks.credentials import saved
from tasks.redaction import remember

BLOCK = "redis"
"""Name of the RedisStore block that is looked for."""


def shared_store() -> Store:
    """Return the store of the block named `redis`, if it was saved, else that of the settings.

    The block is looked up once in a process, which runs one flow. Nothing is connected yet.

    Raises:
        SettingsError: the URL cannot be used, or the package `redis` is not installed.
        ProviderError: E_BLOCK, the block has a value that cannot be used.
    """
    return _opened(load_settings())


@lru_cache(maxsize=1)
def _opened(settings: Settings) -> Store:
    block = saved(RedisStore, BLOCK)
    from_block = block.url if block and block.url and block.url.get_secret_value() else None
    url = from_block or settings.redis_url
    if url is not None:
        _keep_secret(url.get_secret_value())
    try:
        chosen = settings.model_copy(update={"redis_url": url})
        return open_store(chosen, prefix=block.prefix) if block else open_store(chosen)
    except SettingsError as error:
        place = f"block {BLOCK}" if from_block and error.location else error.location
        problem = SettingsError(error.message, code=error.code, location=place, hint=error.hint)
    raise problem


def _keep_secret(url: str) -> None:
    try:
        password = urlsplit(url).password
    except ValueError:
        return
    for form in (password or "", unquote(password or "")):
        remember(form)

"""Which store is meant."""

from __future__ import annotations

from ai_data_engineer.settings import Settings
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.protocol import Store


def open_store(settings: Settings, *, prefix: str = "ade") -> Store:
    """Return Redis where a URL is set, else files in ADE_HOME. Nothing is read or connected yet.

    All keys in Redis begin with `prefix`.

    Raises SettingsError: the URL cannot be used, or the package `redis` is not installed.
    """
    if settings.redis_url is None:
        return FileStore(settings.home / "state")
    from ai_data_engineer.stores.redis import RedisStore

    return RedisStore(settings.redis_url.get_secret_value(), prefix)

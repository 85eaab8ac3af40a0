"""When a stage is served from the cache: the same task, version, settings and content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from prefect import Task
from prefect.cache_policies import CachePolicy
from prefect.context import TaskRunContext

from ai_data_engineer import __version__
from ai_data_engineer.document import Document
from ai_data_engineer.settings import Settings, load_settings

P = ParamSpec("P")
R = TypeVar("R")

EXPIRATION = timedelta(days=30)
"""How long a stage's result is good for."""

_NO_MATTER = {"home", "provider", "llm_timeout", "verify_timeout", "verify_memory"}
"""Settings that change where or how long, not what; keys are left out by their type."""


@dataclass
class ContentKey(CachePolicy):
    """Keys a task on its name, its version and the content of what it is given.

    Prefect's own policies take a path for the file, know no difference between two keys
    (`SecretStr` is hashed as stars), and `INPUTS` does not even tell two tasks apart. `version` is
    raised by hand when the task's answers change without the package's version.
    """

    version: str = "1"

    def compute_key(
        self,
        task_ctx: TaskRunContext,
        inputs: dict[str, Any],
        flow_parameters: dict[str, Any],
        **kwargs: Any,
    ) -> str:
        """Return the key; raises TypeError for an input that has no content, such as a secret."""
        parts = {
            "task": task_ctx.task.name,
            "version": [__version__, self.version],
            "settings": _relevant(load_settings()),
            "inputs": _content(inputs),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _relevant(settings: Settings) -> dict[str, Any]:
    plain = settings.model_dump(mode="json", exclude=_NO_MATTER)
    return {k: v for k, v in plain.items() if not k.endswith("_key")}


def _content(value: Any) -> Any:
    match value:
        case Document():
            return [type(value).__name__, value.content_digest()]
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(k): _content(v) for k, v in value.items()}
        case list() | tuple():
            return [_content(v) for v in value]
    raise TypeError(f"{type(value).__name__} cannot be part of a cache key")


def from_cache_if(
    usable: Callable[[R], bool], task: Task[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Run a task; when its result comes from the cache and is not usable, run it anew.

    A cached value may name a file that is gone, or say that a service was down a week ago.
    """
    state = task(*args, return_state=True, **kwargs)
    result: R = state.result()
    if state.name == "Cached" and not usable(result):
        result = task.with_options(refresh_cache=True)(*args, **kwargs)
    return result

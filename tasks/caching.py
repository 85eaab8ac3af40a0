"""When a stage is served from the cache: the same task, version, settings and content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import Task
from prefect.cache_policies import CachePolicy
from prefect.context import TaskRunContext
from pydantic import SecretStr

from ai_data_engineer import __version__
from ai_data_engineer.document import Document
from ai_data_engineer.settings import Settings, load_settings
from tasks import measuring

P = ParamSpec("P")
R = TypeVar("R")

EXPIRATION = timedelta(days=30)
"""How long a stage's result is good for."""

_NO_MATTER = {
    *("home", "bundles", "backups", "verify_timeout", "verify_memory", "review_days"),
    *("allowed_buckets", "allowed_hosts", "allowed_folders", "dask_scheduler"),
}
"""Settings that change where, whether or how long, not what; secrets are left out by their type."""
_OF_MODELS = ("provider", "gemini_", "openai_", "llm_", "replay_")
"""How settings begin that say who is asked and what it may cost: no matter to any other stage, and
to the stage that asks only as far as they are in the `Author` that it is given, or named here."""
_MATTERS_TO = {"specify": ("llm_samples", "replay_file")}
"""Task → settings of models that change what it returns. Budgets and deadlines do not: what the
offline planner wrote because one was used up is not kept."""


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
        measuring.looked_up(task_ctx)
        parts = {
            "task": task_ctx.task.name,
            "version": [__version__, self.version],
            "settings": _relevant(load_settings(), task_ctx.task.name),
            "inputs": _content(inputs),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _relevant(settings: Settings, task: str) -> dict[str, Any]:
    named = _MATTERS_TO.get(task, ())
    left_out = {
        name
        for name, value in settings
        if isinstance(value, SecretStr) or (name.startswith(_OF_MODELS) and name not in named)
    }
    plain = settings.model_dump(mode="json", exclude=_NO_MATTER | left_out)
    if plain.get("replay_file"):
        plain["replay_file"] = _digest(Path(plain["replay_file"]))
    # What is not set is left out: a setting that is new must not make every key a new one.
    return {name: value for name, value in plain.items() if value is not None}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "unreadable"  # and the stage will say so


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
        measuring.unusable(task.name)
        result = task.with_options(refresh_cache=True)(*args, **kwargs)
    return result

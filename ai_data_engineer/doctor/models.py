"""Who writes specifications, and whether they can be asked: keys, endpoints, models, records.

Nothing is spent: a service is asked for the list of its models only.
"""

from __future__ import annotations

import difflib
import importlib
import warnings
from collections.abc import Callable, Mapping

from pydantic import SecretStr

from ai_data_engineer.doctor.check import Check, broken
from ai_data_engineer.errors import AdeError, ProviderError
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.asking.prices import price_of
from ai_data_engineer.specifying.author import Access, check_endpoint, choice
from ai_data_engineer.specifying.providers.protocol import Failure, ModelError

TIMEOUT = 5.0
"""Seconds for a service to answer."""
_PACKAGES = {
    "gemini": ("google.generativeai", "google-generativeai>=0.8.6,<0.9"),
    "google-genai": ("google.genai", "ai-data-engineer[google-genai]"),
    "openai": ("openai", "ai-data-engineer[openai]"),
}
"""Provider → the module that asks it, and what pip is told."""
_VARIABLES = {
    "gemini": ("GEMINI_API_KEY", "ADE_GEMINI_MODEL"),
    "google-genai": ("GEMINI_API_KEY", "ADE_GEMINI_MODEL"),
    "openai": ("OPENAI_API_KEY", "ADE_OPENAI_MODEL"),
}
_MENTIONED = 8
"""How many models are named at most."""

Known = Mapping[str, Access]


def author(settings: Settings, known: Known, sdk: str) -> list[Check]:
    """Say whom `auto` takes, and why; and whether what they cost is known where it is limited."""
    try:
        chosen = choice("auto", settings, known, sdk=sdk)
    except ProviderError as error:
        return [broken("specifications", error)]
    told = Check("specifications", "ok", chosen.why)
    costs = {"ADE_LLM_JOB_COST": settings.llm_job_cost, "ADE_LLM_DAY_COST": settings.llm_day_cost}
    limits = " and ".join(name for name, dollars in costs.items() if dollars is not None)
    if not limits or chosen.author.provider in ("offline", "replay") or price_of(chosen.author):
        return [told]
    return [
        told,
        Check(
            "price",
            "broken",
            f"nobody says what {chosen.author.model} costs, so nothing is asked while {limits} "
            "is set; set ADE_LLM_INPUT_PRICE and ADE_LLM_OUTPUT_PRICE",
        ),
    ]


def services(settings: Settings, known: Known, sdk: str) -> list[Callable[[], list[Check]]]:
    """Return what is to be asked of each service that is configured; may run side by side.

    One piece of work for each key, so that none waits for another's time-out.
    """
    # The SDK of Gemini that is used: the one that `auto` or ADE_PROVIDER takes.
    gemini = settings.provider if settings.provider in ("gemini", "google-genai") else sdk
    work: list[Callable[[], list[Check]]] = []
    for provider in (gemini, "openai"):
        access = known[provider]
        if not access.keys and not (provider == "openai" and access.author.base_url):
            checks = [_absent(provider)]
        elif lacking := _endpoint(access) or _package(provider):
            checks = [lacking]
        else:
            keys: tuple[SecretStr | None, ...] = access.keys or (None,)
            work += [_asking(settings, access, number, key) for number, key in enumerate(keys, 1)]
            continue
        work.append(lambda checks=checks: checks)  # type: ignore[misc]
    return work


def record(settings: Settings) -> list[Check]:
    """Say whether the record that ADE_REPLAY_FILE names can be given again."""
    if settings.replay_file is None:
        return []
    from ai_data_engineer.specifying.providers.replay import Replay

    try:
        models = Replay(settings.replay_file).models(None)
    except ProviderError as error:
        return [broken("replay", error)]
    if not models:
        return [
            Check(
                "replay",
                "broken",
                "No model has answered in this record. "
                "Set ADE_REPLAY_FILE to that of a bundle which a model has written.",
            )
        ]
    return [Check("replay", "ok", f"answers of {', '.join(models[:_MENTIONED])}")]


def _absent(provider: str) -> Check:
    if provider == "openai":
        return Check(
            "openai",
            "missing",
            "no key (OPENAI_API_KEY) and no endpoint (ADE_OPENAI_BASE_URL) "
            "of an OpenAI-compatible server",
        )
    return Check("gemini", "missing", "no GEMINI_API_KEY")


def _endpoint(access: Access) -> Check | None:
    """Say that no run would ask it; neither is it asked here."""
    try:
        check_endpoint(access)
    except ProviderError as error:
        return broken(f"{access.author.provider} endpoint", error)
    return None


def _package(provider: str) -> Check | None:
    """Import the SDK here, once: several threads that do so at a time may find half of it."""
    module, install = _PACKAGES[provider]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # google-generativeai says that its support has ended
            importlib.import_module(module)
    except ImportError:
        return Check(
            provider,
            "broken",
            f'it is configured, and its package is not installed: pip install "{install}"',
        )
    return None


def _asking(
    settings: Settings, access: Access, number: int, key: SecretStr | None
) -> Callable[[], list[Check]]:
    def ask() -> list[Check]:
        from ai_data_engineer.specifying.providers import provider_for

        provider, of = access.author.provider, len(access.keys)
        # None is asked for, so that it can be told which ones there are.
        asked = access.author.model_copy(update={"model": access.author.model or "any"})
        which = "endpoint" if key is None else "key" if of == 1 else f"key {number} of {of}"
        name = f"{provider} {which}"
        try:
            models = provider_for(asked, settings).models(key, TIMEOUT)
        except ModelError as error:
            return [_failed(name, access, error)]
        except AdeError as error:
            return [broken(name, error)]
        accepted = "it answers" if key is None else "it is accepted"
        checks = [Check(name, "ok", f"{accepted}; {len(models)} models ({access.origin})")]
        # The list is the same for all keys, or nearly so.
        return [*checks, _model(access, models)] if number == 1 else checks

    return ask


def _failed(name: str, access: Access, error: ModelError) -> Check:
    keys, _ = _VARIABLES[access.author.provider]
    where = keys if access.origin == "the environment" else access.origin
    match error.failure:
        case Failure.KEY_REFUSED:
            detail = f"it is refused; renew it, or take it out of {where}."
            return Check(name, "broken", detail)
        case Failure.BUSY:
            return Check(
                name, "missing", "its quota is used up for now; wait, or add a key of another one."
            )
        case Failure.UNREADABLE:
            # Not every gateway passes the list on.
            return Check(name, "missing", f"there is no list of models. {error.hint}")
    return broken(name, error)


def _model(access: Access, models: list[str]) -> Check:
    provider, model = access.author.provider, access.author.model
    _, variable = _VARIABLES[provider]
    name = f"{provider} model"
    if not model:
        return Check(name, "broken", f"none is set; set {variable} to one of: {_some(models)}")
    # Ollama calls `qwen3` by its full name, `qwen3:latest`.
    if {model, model.removeprefix("models/"), f"{model}:latest"} & set(models):
        return Check(name, "ok", model)
    near = difflib.get_close_matches(model, models, n=3, cutoff=0.4) or models
    return Check(
        name,
        "broken",
        f"the service has no {model}: misspelt or retired; "
        f"set {variable} to a current one, such as {_some(near)}",
    )


def _some(models: list[str]) -> str:
    more = f" and {len(models) - _MENTIONED} more" if len(models) > _MENTIONED else ""
    return f"{', '.join(models[:_MENTIONED])}{more}" if models else "(the service names none)"

"""Who writes a specification: the provider with all that is configured of it, but the keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import Field, SecretStr

from ai_data_engineer.document import Document
from ai_data_engineer.errors import ProviderError
from ai_data_engineer.io.addresses import has_credentials
from ai_data_engineer.settings import Settings

MODELS = ("gemini", "google-genai", "openai", "replay")
"""Providers that ask a model, or a record of one."""


class Author(Document):
    """Whom to ask and how. Part of cache keys and of logs, so no key to a service is in it."""

    provider: str
    """`offline` or one of MODELS."""
    model: str | None = None
    base_url: str | None = None
    """Another endpoint than the provider's own."""
    context_tokens: int = Field(200_000, ge=4096)
    """How many tokens the model takes in and gives out at once; the prompt is cut to it."""
    max_output_tokens: int = Field(32_768, ge=256)
    """Of one answer, thoughts included."""
    input_price: float | None = Field(None, ge=0)
    """US dollars for a million tokens, where the price list is not to be believed."""
    output_price: float | None = Field(None, ge=0)
    """The same for tokens of the answer."""

    @property
    def is_model(self) -> bool:
        """Whether a model is asked; the offline planner is none."""
        return self.provider != "offline"


@dataclass(frozen=True)
class Access:
    """What is configured of one provider: the author it makes, and the keys that open it."""

    author: Author
    keys: tuple[SecretStr, ...] = ()
    """In the order in which they are tried."""
    origin: str = "the environment"
    """Where this was said: `the environment`, ``the block `gemini` ``."""


class Choice(NamedTuple):
    """Who writes, with which keys, and a sentence that says why."""

    author: Author
    keys: tuple[SecretStr, ...]
    why: str


class _Service(NamedTuple):
    called: str
    keys: str
    """The variable of its keys."""
    model: str
    """The variable of its model."""
    block: str


_GEMINI = _Service("Gemini", "GEMINI_API_KEY", "ADE_GEMINI_MODEL", "gemini")
_SERVICES = {
    "gemini": _GEMINI,
    "google-genai": _GEMINI,
    "openai": _Service(
        "the OpenAI-compatible server", "OPENAI_API_KEY", "ADE_OPENAI_MODEL", "openai"
    ),
}


def from_environment(settings: Settings) -> dict[str, Access]:
    """Return what the environment says of each provider that asks a model."""

    def access(
        provider: str, model: str | None, base_url: str | None, keys: SecretStr | None
    ) -> Access:
        author = Author(
            provider=provider,
            model=model or None,
            base_url=base_url or None,
            context_tokens=settings.llm_context_tokens,
            max_output_tokens=settings.llm_max_output_tokens,
            input_price=settings.llm_input_price,
            output_price=settings.llm_output_price,
        )
        return Access(author, split_keys(keys))

    gemini = (settings.gemini_model, settings.gemini_base_url, settings.gemini_api_key)
    openai = (settings.openai_model, settings.openai_base_url, settings.openai_api_key)
    return {
        "gemini": access("gemini", *gemini),
        "google-genai": access("google-genai", *gemini),
        "openai": access("openai", *openai),
        "replay": access("replay", None, None, None),
    }


def choice(
    provider: str,
    settings: Settings,
    configured: Mapping[str, Access] | None = None,
    *,
    sdk: str = "gemini",
) -> Choice:
    """Return who writes the specification, with which keys, and why.

    `auto` is whom ADE_PROVIDER names; else Gemini when it has a key; else an OpenAI-compatible
    server when it has a model and a key or an endpoint; else the offline planner.

    Args:
        provider: `auto`, `offline` or one of MODELS.
        settings: Of the process.
        configured: What is known of each of MODELS; what the environment says unless given.
        sdk: `gemini` or `google-genai`: which of the two asks Gemini for `auto`.

    Raises:
        ProviderError: the provider is asked for by name, and its key (`E_NO_KEY`), its model
            (`E_NO_MODEL`) or its record (`E_NOT_RECORDED`) is missing; there is no such provider;
            or an endpoint holds credentials (`E_ENDPOINT`).
    """
    known = from_environment(settings) if configured is None else configured
    because = "it was asked for by name"
    if provider == "auto" and settings.provider != "auto":
        provider, because = settings.provider, "ADE_PROVIDER names it"
    if provider == "auto":
        return _best(known[sdk], known["openai"])
    if provider == "offline":
        return _planner(because)
    if provider not in MODELS:
        raise ProviderError(
            f"There is no provider `{provider}`.", hint=f"Use auto, offline, {', '.join(MODELS)}."
        )
    _require(known[provider], settings)
    return _chosen(known[provider], because)


def _best(gemini: Access, openai: Access) -> Choice:
    if gemini.keys and gemini.author.model:
        return _chosen(gemini, f"a key is in {gemini.origin}")
    if openai.author.model and (openai.keys or openai.author.base_url):
        return _chosen(openai, f"it is set in {openai.origin}, and there is no key for Gemini")
    lacking = "key (OPENAI_API_KEY) or endpoint (ADE_OPENAI_BASE_URL)"
    if not openai.author.model:
        lacking = "model (ADE_OPENAI_MODEL)"
    return _planner(
        "there is no key for Gemini (GEMINI_API_KEY) "
        f"and no {lacking} for an OpenAI-compatible server"
    )


def _planner(because: str) -> Choice:
    return Choice(
        Author(provider="offline"), (), f"The offline planner writes the specification: {because}."
    )


def check_endpoint(access: Access) -> None:
    """Raise ProviderError `E_ENDPOINT` where the endpoint holds credentials."""
    author = access.author
    if author.base_url and has_credentials(author.base_url):
        # The endpoint is kept and logged with the author, so what is secret must not be in it.
        raise ProviderError(
            f"The endpoint of {_SERVICES[author.provider].called} in {access.origin} holds "
            "credentials.",
            code="E_ENDPOINT",
            hint="Leave them out of the address and set them as the key.",
        )


def _chosen(access: Access, because: str) -> Choice:
    author, keys = access.author, access.keys
    if author.provider == "replay":
        return Choice(author, keys, f"Recorded answers are given again: {because}.")
    check_endpoint(access)
    at = f" at {author.base_url}" if author.base_url else ""
    count = {0: "without a key", 1: "with one key"}.get(len(keys), f"with {len(keys)} keys")
    called = _SERVICES[author.provider].called
    why = f"{author.model} of {called}{at}, {count}, writes the specification: {because}."
    return Choice(author, keys, why)


def _require(access: Access, settings: Settings) -> None:
    """Raise ProviderError saying what is missing to ask this provider."""
    author = access.author
    if author.provider == "replay":
        if settings.replay_file is None:
            raise ProviderError(
                "There is no record to give answers from.",
                code="E_NOT_RECORDED",
                hint="Set ADE_REPLAY_FILE to provenance/provenance.json of a bundle.",
            )
        return
    service = _SERVICES[author.provider]
    if not author.model:
        raise ProviderError(
            f"It is not said which model of {service.called} to ask.",
            code="E_NO_MODEL",
            hint=f"Set {service.model}, or the model of the block `{service.block}`.",
        )
    is_openai = author.provider == "openai"
    if access.keys or (is_openai and author.base_url):
        return
    keyless = " (or ADE_OPENAI_BASE_URL, for a server that wants none)" if is_openai else ""
    raise ProviderError(
        f"There is no key for {service.called}.",
        code="E_NO_KEY",
        hint=f"Set {service.keys}{keyless}, or save a block named `{service.block}`.",
    )


def split_keys(secret: SecretStr | None) -> tuple[SecretStr, ...]:
    """Return the keys in a variable: several may stand in it, separated by commas."""
    parts = secret.get_secret_value().split(",") if secret else []
    return tuple(SecretStr(key) for key in dict.fromkeys(p.strip() for p in parts) if key)

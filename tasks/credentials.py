"""Who writes specifications, and the keys for it: a Prefect block, else the environment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from prefect.blocks.core import Block
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.settings import Settings, load_settings
from ai_data_engineer.specifying.author import Access, Author, Choice, choice, from_environment
from blocks.gemini import GeminiCredentials
from blocks.openai import OpenAICredentials
from tasks.redaction import remember

B = TypeVar("B", bound=Block)

_SDKS = {"google-generativeai": "gemini", "google-genai": "google-genai"}


def choose_author(provider: str) -> Choice:
    """Return who is meant by a provider's name or `auto`, and why.

    Raises ProviderError where something is missing to ask a provider that is named.
    """
    settings = load_settings()
    named = settings.provider if provider == "auto" else provider
    if named in ("offline", "replay"):  # and no block is asked for
        return choice(provider, settings)
    known, sdk = configured(settings)
    return choice(provider, settings, known, sdk=sdk)


def credentials(author: Author) -> Sequence[SecretStr]:
    """Return the author's keys, in the order in which they are tried; it may need none.

    To be called where they are used, inside a task: what is passed to one is hashed and stored.
    """
    if author.provider in ("offline", "replay"):
        return ()
    access = configured(load_settings())[0][author.provider]
    # A block may have been changed meanwhile: keys go to no endpoint but the one they are for.
    return access.keys if access.author.base_url == author.base_url else ()


def configured(settings: Settings) -> tuple[dict[str, Access], str]:
    """Return what is known of each provider, blocks before environment, and Gemini's SDK.

    Every key is starred in this process's logs from here on.
    """
    known, sdk = from_environment(settings), "gemini"
    if gemini := saved(GeminiCredentials, "gemini"):
        known |= {name: _with(gemini, "gemini", known[name]) for name in _SDKS.values()}
        sdk = _SDKS[gemini.sdk]
    if openai := saved(OpenAICredentials, "openai"):
        known["openai"] = _with(openai, "openai", known["openai"])
    for access in known.values():
        for key in access.keys:
            remember(key.get_secret_value())
    return known, sdk


def saved(block_type: type[B], name: str) -> B | None:
    """Return the block of that name, or None where none was saved.

    Raises ProviderError `E_BLOCK` for one whose values cannot be used.
    """
    try:
        return block_type.load(name)  # type: ignore[return-value]
    except ValueError:  # what Prefect raises for a block that was never saved
        return None
    except RuntimeError:  # and for one that does not fit its type; its text may quote values
        problem = ProviderError(
            "The block has a value that cannot be used.",
            code="E_BLOCK",
            location=f"block {name}",
            hint="Open it in Prefect's UI and correct it.",
        )
    raise problem


def _with(block: GeminiCredentials | OpenAICredentials, name: str, environment: Access) -> Access:
    said = {
        "model": block.model,
        "base_url": block.base_url,
        "context_tokens": block.context_tokens,
        "max_output_tokens": block.max_output_tokens,
        "input_price": block.input_price,
        "output_price": block.output_price,
    }
    # Set in a form: a field that was emptied is "".
    update = {field: value for field, value in said.items() if value not in (None, "")}
    keys = tuple(key for key in block.api_keys if key.get_secret_value().strip())
    if not keys and not block.base_url:
        # Whoever may write the block may not have the environment's keys sent where they like.
        keys = environment.keys
    return Access(environment.author.model_copy(update=update), keys, f"the block `{name}`")

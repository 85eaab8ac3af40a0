"""Which provider an author is."""

from __future__ import annotations

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.providers.gemini import Gemini
from ai_data_engineer.specifying.providers.google_genai import GoogleGenai
from ai_data_engineer.specifying.providers.openai import OpenAI
from ai_data_engineer.specifying.providers.protocol import Provider
from ai_data_engineer.specifying.providers.replay import Replay


def provider_for(author: Author, settings: Settings) -> Provider:
    """Return the provider of an author; what the author leaves open is taken from the settings.

    Raises:
        ProviderError: there is no such provider, or it lacks a model or a record.
    """
    if author.provider in ("gemini", "google-genai"):
        make = Gemini if author.provider == "gemini" else GoogleGenai
        return make(
            author.model or settings.gemini_model, author.base_url or settings.gemini_base_url
        )
    if author.provider == "openai":
        model = author.model or settings.openai_model
        if not model:
            raise ProviderError(
                "There is no model to ask for.",
                code="E_NO_MODEL",
                hint="Set ADE_OPENAI_MODEL; `ade doctor` lists what the server has.",
            )
        return OpenAI(model, author.base_url or settings.openai_base_url)
    if author.provider == "replay":
        if settings.replay_file is None:
            raise ProviderError(
                "There is no record to replay.",
                code="E_NOT_RECORDED",
                hint="Set ADE_REPLAY_FILE to provenance/provenance.json of a bundle.",
            )
        return Replay(settings.replay_file)
    raise ProviderError(
        f"There is no model provider `{author.provider}`.",
        hint="Use gemini, google-genai, openai or replay.",
    )

"""Settings from the environment, refused at start when a value cannot be used."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    ByteSize,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ai_data_engineer.errors import SettingsError

MIB = 1024**2
GIB = 1024**3
NOTHING = "none"
"""The entry of a list of what is allowed that stands for nothing at all."""
_NO_SETTINGS = {"ADE_DEBUG", "ADE_RUN", "ADE_SOURCE_POLICY"}
"""Variables that are read elsewhere."""


def _named(name: str) -> AliasChoices:
    """Accept a setting under the name users know, without our prefix."""
    return AliasChoices(name, name.lower())


def _listed(value: object) -> object:
    """Take a list as text too: `a, b`, or JSON."""
    if not isinstance(value, str):
        return value
    if not value.lstrip().startswith("["):
        return [entry.strip() for entry in value.split(",") if entry.strip()]
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError("it is neither `a,b` nor a JSON list of texts") from None


def absolute(folder: str) -> str:
    """Return the folder; raises ValueError for a relative one: each process stands elsewhere."""
    if folder != NOTHING and not Path(folder).expanduser().is_absolute():
        raise ValueError(f"it takes absolute folders, such as /data/in, or `{NOTHING}`")
    return folder


def host_name(host: str) -> str:
    """Return the name of a web server; raises ValueError for an address."""
    if not re.fullmatch(r"(\*\.)?[^\s/:*@\[\]]+|\[[0-9A-Fa-f:.]+\]", host):
        raise ValueError(
            "it takes names such as data.example.com or *.example.com, without scheme, port or path"
        )
    return host


_Listed = (NoDecode, BeforeValidator(_listed))


class Settings(BaseSettings):
    """Limits, places and providers. Sizes take bytes or a unit (`10MiB`, `5GiB`)."""

    model_config = SettingsConfigDict(
        env_prefix="ADE_",
        # `ADE_LLM_DAY_COST=` in a file of variables says nothing.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
    )

    gemini_api_key: SecretStr | None = Field(None, validation_alias=_named("GEMINI_API_KEY"))
    """Key for Gemini; a Prefect block is preferred where there is one."""
    max_file_size: ByteSize = Field(
        ByteSize(5 * GIB), gt=0, validation_alias=_named("MAX_FILE_SIZE")
    )
    """The largest source that is accepted, in bytes as stored."""
    max_profile_bytes: ByteSize = Field(
        ByteSize(10 * MIB), ge=4096, validation_alias=_named("MAX_PROFILE_BYTES")
    )
    """How much of a source a sampled profile reads, in bytes after decompression."""
    csv_max_rows: int = Field(1000, ge=1, validation_alias=_named("CSV_MAX_ROWS"))
    """How many CSV rows a sampled profile reads."""
    json_max_objs: int = Field(1000, ge=1, validation_alias=_named("JSON_MAX_OBJS"))
    """How many JSON records a sampled profile reads."""
    xml_max_records: int = Field(500, ge=1, validation_alias=_named("XML_MAX_RECORDS"))
    """How many XML records a sampled profile reads."""

    max_expanded_size: ByteSize = Field(ByteSize(50 * GIB), gt=0)
    """The most that a compressed source may expand to."""
    max_expansion_ratio: int = Field(200, ge=2)
    """The largest expansion ratio once more than 64 MiB have been expanded."""
    sample_rows: int = Field(200, ge=1, le=10_000)
    """How many records of each source go into a bundle as its sample."""
    home: Path = Path.home() / ".ade"
    """Where caches and bundles lie."""
    provider: str = Field("auto", pattern=r"^(auto|offline|gemini|google-genai|openai|replay)$")
    """Who writes specs: `auto` takes the best that is configured, else the offline planner."""
    gemini_model: str = "gemini-3.8-flash"
    """The Gemini model that writes specs."""
    gemini_base_url: str | None = None
    """Another endpoint that speaks Gemini's REST form, such as a gateway."""
    openai_api_key: SecretStr | None = Field(None, validation_alias=_named("OPENAI_API_KEY"))
    """Key for an OpenAI-compatible server; a Prefect block is preferred where there is one."""
    openai_model: str | None = None
    """The model that an OpenAI-compatible server is asked for; there is no default."""
    openai_base_url: str | None = None
    """Where an OpenAI-compatible server answers, such as `http://127.0.0.1:11434/v1`."""
    replay_file: Path | None = None
    """`provenance/provenance.json` of a bundle, whose answers the provider `replay` gives again."""
    llm_timeout: float = Field(60.0, gt=0)
    """Seconds to wait for one answer of a model."""
    llm_deadline: float = Field(180.0, gt=0)
    """Seconds that models have for one spec, with retries, waits and repairs."""
    llm_max_calls: int = Field(8, ge=1)
    """The most requests that are sent to models for one spec, with retries and repairs."""
    llm_context_tokens: int = Field(200_000, ge=4096)
    """How many tokens the model takes in and gives out at once; the prompt is cut to it."""
    llm_max_output_tokens: int = Field(32_768, ge=256)
    """The most tokens of one answer; a model's thoughts count as well."""
    llm_samples: str = Field("none", pattern=r"^(none|redacted)$")
    """What a model sees of values: `none`, or `redacted` examples of harmless columns."""
    llm_job_tokens: int | None = Field(400_000, ge=0)
    """The most tokens that one spec may cost, in and out."""
    llm_day_tokens: int | None = Field(None, ge=0)
    """The most tokens that all specs of a day (UTC) may cost together."""
    llm_job_cost: float | None = Field(None, ge=0)
    """The most US dollars that one spec may cost."""
    llm_day_cost: float | None = Field(None, ge=0)
    """The most US dollars that all specs of a day (UTC) may cost together."""
    llm_input_price: float | None = Field(None, ge=0)
    """US dollars for a million tokens sent, instead of the price list's."""
    llm_output_price: float | None = Field(None, ge=0)
    """US dollars for a million tokens answered, instead of the price list's."""
    llm_cache_days: float = Field(30.0, ge=0)
    """How long a valid spec is given again for the very same question; 0: never."""
    redis_url: SecretStr | None = None
    """Redis that machines share caches, budgets and locks through; else files in ADE_HOME."""
    verify_timeout: float = Field(300.0, gt=0)
    """Wall-clock seconds that the verification of a bundle may take."""
    verify_memory: ByteSize = Field(ByteSize(4 * GIB), gt=0)
    """Address space that a verified project may use, in bytes."""
    allowed_buckets: Annotated[tuple[str, ...], *_Listed] = ()
    """S3 buckets that may be read, or `bucket/prefix`, separated by commas; empty allows every
    bucket the credentials reach, `none` no bucket."""
    allowed_hosts: Annotated[tuple[Annotated[str, AfterValidator(host_name)], ...], *_Listed] = ()
    """Web servers that may be read, such as `data.example.com, *.example.org`; empty allows every
    one but the machine's own services, `none` no server."""
    allowed_folders: Annotated[tuple[Annotated[str, AfterValidator(absolute)], ...], *_Listed] = ()
    """Folders of this machine that may be read, with all below them; empty allows every one,
    `none` no folder. Where it is not empty, bundles lie where ADE_BUNDLES says."""
    bundles: str | None = None
    """Where bundles are put, a folder or `s3://bucket/prefix`; else `bundles` in ADE_HOME."""
    backups: str | None = None
    """Where backups are put, a folder or `s3://bucket/prefix`; else `backups` in ADE_HOME."""
    backup_passphrase: SecretStr | None = None
    """What secrets in backups are encrypted with; without it they are left out."""
    dask_scheduler: str | None = None
    """Address of a Dask cluster for batches, such as `tcp://10.0.0.5:8786`; else this machine."""
    review_days: float = Field(30.0, gt=0)
    """How many days a run waits for a person who reviews its specification."""
    sentry_dsn: SecretStr | None = None
    """Where errors are reported to, a server that speaks Sentry's protocol; else nowhere."""


def unknown_variables() -> list[str]:
    """Return variables of the environment that begin as settings do and are none: misspelt."""
    fields = Settings.model_fields.items()
    known = _NO_SETTINGS | {f"ADE_{n.upper()}" for n, f in fields if f.validation_alias is None}
    return sorted(
        name for name in os.environ if name.upper().startswith("ADE_") and name.upper() not in known
    )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process; raises SettingsError naming each bad value.

    `MAX_FILE_SIZE=5 gigs` is refused with `MAX_FILE_SIZE: …; for example MAX_FILE_SIZE=5GiB.`
    """
    return load_settings()


def load_settings(**overrides: object) -> Settings:
    """Read the environment anew; raises SettingsError."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = " ".join(_problem(e["loc"], e["msg"]) for e in error.errors())
    raise SettingsError(problems)


def _problem(loc: tuple[int | str, ...], message: str) -> str:
    name = str(loc[0])
    field = Settings.model_fields.get(name)
    public = name.upper() if name.upper() == name or field is None else f"ADE_{name.upper()}"
    for key, known in Settings.model_fields.items():
        alias = known.validation_alias
        if isinstance(alias, AliasChoices) and name in alias.choices:
            public, field = str(alias.choices[0]), Settings.model_fields[key]
    default = field.default if field is not None else None
    if isinstance(default, ByteSize):
        default = default.human_readable(separator="")
    example = f"; for example {public}={default}" if default not in (None, ()) else ""
    return f"{public}: {message[0].upper()}{message[1:]}{example}."

"""One proposal: from profiles and a goal to a spec, by a model or the offline planner."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import SecretStr

from ai_data_engineer.errors import AdeError, ProviderError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import Settings
from ai_data_engineer.settings import settings as default_settings
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying import gemini
from ai_data_engineer.specifying.offline import plan
from ai_data_engineer.specifying.pivot_names import name_pivots
from ai_data_engineer.specifying.prompt import system_prompt, user_prompt
from ai_data_engineer.specifying.provenance import Attempt, Provenance, Specified
from ai_data_engineer.specifying.repair import mend

MAX_REPAIRS = 2
"""How often a model is asked again with findings before the offline planner takes over."""


def specify(
    profiles: Sequence[FileProfile],
    goal: str = "",
    *,
    provider: str = "auto",
    credentials: Sequence[SecretStr] = (),
    settings: Settings | None = None,
    previous: Specified | None = None,
    findings: Sequence[Finding] = (),
) -> Specified:
    """Return a proposal; `previous` and `findings` ask for a better one than that.

    `auto` takes whom ADE_PROVIDER names, else Gemini when there is a key, else the offline planner.
    A model that cannot answer, repeats its mistakes, or has had its repairs is followed by the
    offline planner, and `provenance.fell_back` says so.

    Raises:
        TransientError: the model may answer later and this was the first try.
        ProviderError: the provider is `gemini` and there is no key.
    """
    chosen = settings or default_settings()
    keys = list(credentials) or ([chosen.gemini_api_key] if chosen.gemini_api_key else [])
    if provider == "auto":
        provider = chosen.provider
    if provider == "auto":
        provider = "gemini" if keys else "offline"
    before = previous.provenance if previous else Provenance(goal=goal)
    if provider == "offline":
        return _offline(profiles, goal, before, findings)
    if provider != "gemini":
        raise ProviderError(
            f"There is no provider `{provider}`.", hint="Use auto, offline or gemini."
        )
    if previous is not None and not _worth_repairing(before, findings):
        return _offline(profiles, goal, before, findings, fell_back=True)
    try:
        return _gemini(profiles, goal, before, previous, findings, keys, chosen)
    except ProviderError as error:
        if error.code == "E_NO_KEY":
            raise
        failed = Attempt(
            provider="gemini", model=chosen.gemini_model, error=error.code, findings=tuple(findings)
        )
        before = before.model_copy(update={"attempts": (*before.attempts, failed)})
        return _offline(profiles, goal, before, findings, fell_back=True)


def fall_back(profiles: Sequence[FileProfile], goal: str, error: AdeError) -> Specified:
    """Return the offline planner's spec after a model could not be reached at all."""
    failed = Attempt(provider="gemini", error=error.code)
    return _offline(profiles, goal, Provenance(goal=goal, attempts=(failed,)), (), fell_back=True)


def _worth_repairing(provenance: Provenance, findings: Sequence[Finding]) -> bool:
    """Not more than MAX_REPAIRS, and never twice with the same findings."""
    asked = [a for a in provenance.attempts if a.provider == "gemini"]
    return 0 < len(asked) <= MAX_REPAIRS and asked[-1].findings != tuple(findings)


def _offline(
    profiles: Sequence[FileProfile],
    goal: str,
    before: Provenance,
    findings: Sequence[Finding],
    *,
    fell_back: bool = False,
) -> Specified:
    attempt = Attempt(provider="offline", findings=tuple(findings))
    provenance = before.model_copy(
        update={"attempts": (*before.attempts, attempt), "fell_back": fell_back or before.fell_back}
    )
    return Specified(document=plan(profiles, goal).to_dict(), provenance=provenance)


def _gemini(
    profiles: Sequence[FileProfile],
    goal: str,
    before: Provenance,
    previous: Specified | None,
    findings: Sequence[Finding],
    keys: Sequence[SecretStr],
    chosen: Settings,
) -> Specified:
    given = plan(profiles, "")
    system = system_prompt()
    answered, shown = None, list(findings)
    if previous is not None:
        answered, found = _previous(previous, given, profiles)
        shown = [_without_values(finding, found) for finding in findings]
    prompt = user_prompt(
        [(source.id, profile) for source, profile in zip(given.sources, profiles, strict=True)],
        goal,
        answered,
        shown,
    )
    answer = gemini.ask(
        system,
        prompt,
        model=chosen.gemini_model,
        keys=keys,
        base_url=chosen.gemini_base_url,
        timeout=chosen.llm_timeout,
    )
    attempt = Attempt(
        provider="gemini",
        model=answer.model,
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        findings=tuple(findings),
        sent=f"{system}\n{prompt}",
        received=answer.text,
    )
    document, _ = _read(answer.text, given, profiles)
    return Specified(
        document=document,
        provenance=before.model_copy(update={"attempts": (*before.attempts, attempt)}),
    )


def _read(
    text: str, given: PipelineSpec, profiles: Sequence[FileProfile]
) -> tuple[dict[str, Any], set[str]]:
    """Return the spec in an answer, and the names in it that come from values of the sources."""
    document = mend(_complete(read_object(text), given))
    by_id = {source.id: p for source, p in zip(given.sources, profiles, strict=True)}
    return name_pivots(document, by_id)


def _previous(
    previous: Specified, given: PipelineSpec, profiles: Sequence[FileProfile]
) -> tuple[dict[str, Any], set[str]]:
    """Return the answer to mend, without what was found in the sources, and the names found."""
    answers = [a.received for a in previous.provenance.attempts if a.received]
    if not answers:
        return _without_sources(previous.document), set()
    answered = mend(_complete(read_object(answers[-1]), given))
    return _without_sources(answered), _read(answers[-1], given, profiles)[1]


def _without_values(finding: Finding, found: set[str]) -> Finding:
    """A hint may list columns that are called as values are: those the model is not shown."""
    if any(name in finding.hint for name in found):
        return finding.model_copy(update={"hint": ""})
    return finding


def read_object(text: str) -> dict[str, Any]:
    """Return the JSON object in a model's answer, whatever stands around it.

    Raises ProviderError when there is none.
    """
    decoder = json.JSONDecoder()
    for start in re.finditer(r"\{", text):
        try:
            value, _ = decoder.raw_decode(text, start.start())
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(value, dict) and "outputs" in value:
            return value
    raise ProviderError("The model's answer holds no spec.", code="E_BAD_ANSWER")


def _complete(answer: dict[str, Any], given: PipelineSpec) -> dict[str, Any]:
    """Put the sources, which are not the model's to write, into its answer.

    All it may ask of one is a column with the names of its files.
    """
    ours = given.to_dict()
    body = {k: v for k, v in answer.items() if v is not None}
    asked = body.get("sources")
    for wanted in asked if isinstance(asked, list) else []:
        if isinstance(wanted, dict) and isinstance(wanted.get("file_column"), str):
            for source in ours["sources"]:
                if source["id"] == wanted.get("id"):
                    source["file_column"] = wanted["file_column"]
    return {
        **body,
        "spec_version": "1",
        "name": body.get("name") or ours["name"],
        "sources": ours["sources"],
    }


def _without_sources(document: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in document.items() if k not in ("sources", "spec_version")}

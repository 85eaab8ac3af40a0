"""One proposal: from profiles and a goal to a spec, by a model or the offline planner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pydantic import SecretStr

from ai_data_engineer.errors import AdeError, ProviderError, TransientError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.asking.ask import Asked
from ai_data_engineer.specifying.asking.together import ask_together
from ai_data_engineer.specifying.assembling import Assembly, unreadable
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.caching import spec_cache
from ai_data_engineer.specifying.caching.question_key import question_key
from ai_data_engineer.specifying.caching.suggestions import suggestions
from ai_data_engineer.specifying.job import Cancelled, Job
from ai_data_engineer.specifying.offline import plan
from ai_data_engineer.specifying.privacy.aliases import Aliases
from ai_data_engineer.specifying.prompt import Prompted, question
from ai_data_engineer.specifying.provenance import OFFLINE, Attempt, Provenance, Specified
from ai_data_engineer.specifying.providers.protocol import ModelError, Question
from ai_data_engineer.specifying.providers.sampling import temperature

MAX_REPAIRS = 2
"""How often a model is asked again with findings before the offline planner takes over."""


@dataclass(frozen=True)
class Task:
    """What is to be specified, and by whom."""

    profiles: Sequence[FileProfile]
    goal: str
    author: Author
    examples: bool = False
    """Whether a model is shown redacted examples of values."""

    @property
    def may_be_kept(self) -> bool:
        """Whether an answer may be given again; what is on record already need not be."""
        return self.author.provider not in (OFFLINE, "replay")

    @cached_property
    def given(self) -> PipelineSpec:
        """What no model writes: the sources, with their ids and columns."""
        return plan(self.profiles, "")

    @property
    def sources(self) -> list[tuple[str, FileProfile]]:
        """Return the ids that the spec gives the sources, with their profiles."""
        ids = [source.id for source in self.given.sources]
        return list(zip(ids, self.profiles, strict=True))

    @cached_property
    def aliases(self) -> Aliases:
        """Stand-ins for what is private in names and goal; the same for the same task."""
        return Aliases(self.sources, self.goal)

    @cached_property
    def cache_key(self) -> str:
        """The key of an earlier answer to the very same question."""
        return question_key(self.sources, self.goal, self.author, examples=self.examples)


def specify(
    task: Task,
    keys: Sequence[SecretStr],
    job: Job,
    previous: Specified | None = None,
    findings: Sequence[Finding] = (),
) -> Specified:
    """Return a proposal; `previous` and `findings` ask for a better one than that.

    A model that cannot answer, repeats its mistakes, or has had its repairs is followed by the
    offline planner; `provenance.fell_back_because` says why.

    Raises:
        Cancelled: the job was cancelled; nothing was asked since.
    """
    before = previous.provenance if previous else Provenance(goal=task.goal)
    if not task.author.is_model:
        return _offline(task, before, findings)
    problem = ""
    if previous is None and task.may_be_kept and job.use_cache:
        kept, problem = kept_answer(task, job)
        if kept is not None:
            return _from_cache(task, kept)
    if previous is not None and not _worth_repairing(before, findings):
        return _offline(task, before, findings, fell_back=True)
    proposed = _ask(task, keys, job, before, findings)
    alike = (
        suggestions(job.store, task.goal, task.sources) if task.goal and task.may_be_kept else ()
    )
    return proposed.model_copy(
        update={"suggestions": tuple(s.goal for s in alike), "problem": problem}
    )


def kept_answer(task: Task, job: Job) -> tuple[Provenance | None, str]:
    """Return how a valid spec for the very same question came about, if one did.

    The text says why that cannot be known, where the store cannot be reached.
    """
    found = spec_cache.lookup(job.store, task.cache_key, days=job.settings.llm_cache_days)
    return (found.entry.provenance if found.entry else None), found.problem


def _worth_repairing(provenance: Provenance, findings: Sequence[Finding]) -> bool:
    """Not more than MAX_REPAIRS, and never twice with the same findings."""
    asked = provenance.asked
    return 0 < len(asked) <= MAX_REPAIRS and asked[-1].findings != _on_record(findings)


def _on_record(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(f.model_copy(update={"hint": ""}) for f in findings)


def _offline(
    task: Task,
    before: Provenance,
    findings: Sequence[Finding],
    *,
    fell_back: bool = False,
) -> Specified:
    provenance = before.with_attempt(Attempt(provider=OFFLINE, findings=_on_record(findings)))
    document = plan(task.profiles, task.goal).to_dict()
    if fell_back:
        provenance = provenance.model_copy(update={"fell_back": True})
        why = f"Written by the offline planner in place of a model: {provenance.fell_back_because}"
        document["assumptions"] = [why, *document.get("assumptions", [])]
    return Specified(document=document, provenance=provenance)


def _from_cache(task: Task, kept: Provenance) -> Specified:
    assembly = _assembly(task)
    assembly.take_all(kept.attempts)
    provenance = kept.with_findings_said(task.aliases.reveal_prose)
    provenance = provenance.model_copy(update={"goal": task.goal})
    return Specified(document=assembly.document(), provenance=provenance, from_cache=True)


def _assembly(task: Task) -> Assembly:
    return Assembly(task.given, task.profiles, task.aliases)


def _ask(
    task: Task,
    keys: Sequence[SecretStr],
    job: Job,
    before: Provenance,
    findings: Sequence[Finding],
) -> Specified:
    prompted, assembly = _question(task, before, findings)
    asked = replace(
        prompted.question,
        temperature=temperature(task.author),
        timeout=job.settings.llm_timeout,
    )
    attempt = Attempt(
        provider=task.author.provider,
        model=task.author.model,
        findings=_on_record(findings),
        parameters=_parameters(asked),
        sent=f"{asked.system}\n{asked.prompt}",
    )
    calls = job.calls
    try:
        attempt = _answered(attempt, ask_together(asked, task.author, keys, job))
    except Cancelled:
        raise
    except (ProviderError, TransientError) as error:
        failed = _failed(attempt, error, calls=job.calls - calls)
        return _offline(task, before.with_attempt(failed), findings, fell_back=True)
    try:
        assembly.take(attempt)
    except ProviderError as error:
        attempt = _failed(attempt, error, calls=attempt.calls)
    return Specified(document=assembly.document(), provenance=before.with_attempt(attempt))


def _question(
    task: Task, before: Provenance, findings: Sequence[Finding]
) -> tuple[Prompted, Assembly]:
    assembly = _assembly(task)
    assembly.take_all(before.attempts)
    repair = None
    if before.asked:
        assembly.document()  # finds the names that a repair must not show
        last = before.asked[-1]
        unread = ProviderError(last.message, code=last.error) if last.error else None
        repair = assembly.repair([unreadable(unread)] if unread else findings)
    prompted = question(
        task.sources,
        task.goal,
        task.author,
        examples=task.examples,
        repair=repair,
        aliases=task.aliases,
    )
    return prompted, assembly


def _parameters(asked: Question) -> dict[str, int | float | bool]:
    said = {"temperature": asked.temperature, "max_output_tokens": asked.max_output_tokens}
    return {name: value for name, value in said.items() if value is not None}


def _answered(attempt: Attempt, asked: Asked) -> Attempt:
    return attempt.model_copy(
        update={
            "model": asked.answer.model,
            **asked.usage.model_dump(),
            "cost": asked.cost,
            "calls": asked.calls,
            "failures": asked.failures,
            "shared": asked.shared,
            "received": asked.answer.text,
        }
    )


def _failed(attempt: Attempt, error: AdeError, *, calls: int) -> Attempt:
    said = {"error": error.code, "message": f"{error.code} {error.message} {error.hint}".rstrip()}
    usage: dict[str, object] = {}
    if isinstance(error, ModelError):
        usage = {"cost": error.cost, "failures": error.failures}
        usage |= error.usage.model_dump() if error.usage else {}
    return attempt.model_copy(update={**said, "calls": calls, **usage})

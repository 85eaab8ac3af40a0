"""Whatever a model does, a valid specification comes out, within its limits.

`python -m benchmarks.model_faults [--seeds 500] [--bundles 5]` runs a spec for each seed: a random
script of failures, nonsense and good answers is said by a loopback server to the real SDK of
`gemini`, `google-genai` or `openai` by turns, with random limits of calls, tokens, money and time.
Of each run it checks that

- a spec comes out that passes all gates, over the sources that were given;
- no more requests were sent than `ADE_LLM_MAX_CALLS` allows, and none after a cancellation;
- no request was sent that might have passed the budget, and the budget was kept to;
- it ended in time; and no key, and no text of a server's error, is in what is kept.

For `--bundles` of the specs that came out, each another, a bundle is packaged, which runs the
project. `--first N` begins at another seed. Ends with exit code 1 when a check failed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from pydantic import SecretStr

from ai_data_engineer.packaging.bundle import package
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import Settings, load_settings
from ai_data_engineer.specifying.job import Cancelled
from ai_data_engineer.specifying.loop import specify_valid
from ai_data_engineer.specifying.prompt.worked_examples import EXAMPLES
from ai_data_engineer.specifying.provenance import Specified
from benchmarks.faulty_models import Meter, script, server
from benchmarks.measuring import environment

FILES = Path(__file__).parents[1] / "examples"
TARGETS = "country,y2023,y2024\nDE,10000,20000\nFR,9000,500\nES,4000,100\n"
PROVIDERS = ("gemini", "google-genai", "openai")
TIMEOUT = 0.6
"""Seconds for an answer, so that waiting for those that never come is short."""
GRACE = 20.0
"""Seconds on top of the deadline, for a machine with other work to plan and validate in."""
SERVERS_OWN = "sesame"
"""Stands in each error of the server."""


@dataclass
class Outcome:
    """How one run went."""

    seed: int
    provider: str
    kinds: Sequence[str]
    calls: int = 0
    tokens: int = 0
    seconds: float = 0.0
    ended: str = ""
    failed: list[str] = field(default_factory=list)
    specified: Specified | None = None
    profiles: Sequence[FileProfile] = ()


def main(seeds: Sequence[int], bundles: int) -> int:
    """Run all, print; returns how many checks failed."""
    print(f"{environment('google-generativeai', 'google-genai', 'openai')}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder, _no_settings():
        profiles = _profiles(Path(folder))
        for provider in PROVIDERS:  # imports, one after the other
            run(-1 - PROVIDERS.index(provider), profiles, Path(folder))
        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(lambda seed: run(seed, profiles, Path(folder)), seeds))
        _print(outcomes)
        failed = sum(len(outcome.failed) for outcome in outcomes)
        return failed + _package(outcomes, bundles, Path(folder))


def run(seed: int, profiles: dict[str, FileProfile], folder: Path) -> Outcome:
    """Let a model fail in the way of this seed, and check what comes of it."""
    random = Random(seed)
    provider = PROVIDERS[seed % len(PROVIDERS)]
    worked = random.choice(EXAMPLES)
    said = script(worked.answer, TIMEOUT, random)
    keys = [f"key-{seed}-{n}-unmistakable" for n in range(random.choice([1, 1, 2, 3]))]
    outcome = Outcome(seed, provider, said.kinds)
    outcome.profiles = [profiles[name] for name in worked.sources]
    meter = Meter()
    with server.model_server(*(meter.bills(reply, random) for reply in said.replies)) as model:
        model.otherwise = meter.bills(server.status(503), random)
        if random.random() < 0.2:
            model.known_keys = set(keys[-1:])
        settings = _settings(provider, model.base_url(provider), folder / f"home{seed}", random)
        cancelled_at = random.uniform(0, 2) if random.random() < 0.1 else float("inf")
        started = time.monotonic()
        try:
            outcome.specified, report = specify_valid(
                outcome.profiles,
                worked.goal,
                provider=provider,
                credentials=[SecretStr(key) for key in keys],
                settings=settings,
                is_cancelled=lambda: time.monotonic() - started > cancelled_at,
            )
        except Cancelled:
            outcome.ended = "cancelled"
            if cancelled_at == float("inf"):
                outcome.failed.append("was cancelled by nobody")
        except Exception as error:  # noqa: BLE001 - nothing may come out but a spec
            outcome.failed.append(f"raised {type(error).__name__}: {str(error)[:200]}")
        else:
            outcome.ended = _ended(outcome.specified)
            if not report.is_valid:
                outcome.failed.append(f"not valid: {[f.code for f in report.errors][:5]}")
        outcome.seconds = time.monotonic() - started
        outcome.calls, outcome.tokens = len(model.asked), meter.spent
        outcome.failed += _kept_to_limits(model.asked, meter, settings, outcome.seconds)
        # A request that was just begun arrives a moment later.
        if any(request.time > started + cancelled_at + 0.5 for request in model.asked):
            outcome.failed.append("asked after it was cancelled")
    if outcome.specified is not None:
        outcome.failed += _kept_clean(outcome.specified, outcome.profiles, keys)
    return outcome


def _settings(provider: str, base_url: str, home: Path, random: Random) -> Settings:
    priced = random.random() < 0.3
    return load_settings(
        home=home,
        gemini_base_url=base_url,
        gemini_model="test-model",
        openai_base_url=base_url,
        openai_model="test-model",
        llm_timeout=TIMEOUT,
        llm_deadline=random.choice([2.0, 5.0, 8.0]),
        llm_max_calls=random.randint(1, 8),
        llm_context_tokens=random.choice([4096, 8192, 16_384, 200_000]),
        llm_max_output_tokens=random.choice([256, 2048, 32_768]),
        llm_job_tokens=random.choice([None, *[400_000] * 5, 120_000, 45_000, 20_000, 0]),
        llm_day_tokens=random.choice([*[None] * 5, 200_000]),
        llm_input_price=0.5 if priced else None,
        llm_output_price=2.0 if priced else None,
        llm_job_cost=random.choice([None, 0.1, 0.1, 0.01, 0.0]) if priced else None,
        llm_samples=random.choice(["none", "redacted"]),
    )


def _kept_to_limits(
    asked: Sequence[server.Request], meter: Meter, settings: Settings, seconds: float
) -> Iterator[str]:
    if len(asked) > settings.llm_max_calls:
        yield f"{len(asked)} requests, {settings.llm_max_calls} allowed"
    for limit in (settings.llm_job_tokens, settings.llm_day_tokens):
        if limit is None:
            continue
        if meter.spent > limit:
            yield f"{meter.spent} tokens spent of {limit}"
        for number, (before, most) in enumerate(meter.reached):
            if before + most > limit:
                yield f"request {number + 1} with {limit - before} tokens left may cost {most}"
    if settings.llm_job_cost is not None:
        least = meter.spent * (settings.llm_input_price or 0) / 1e6
        if least > settings.llm_job_cost:
            yield f"at least {least} dollars spent of {settings.llm_job_cost}"
    if seconds > settings.llm_deadline + GRACE:
        yield f"took {seconds:.1f} s, {settings.llm_deadline:.0f} s were given to models"


def _kept_clean(
    specified: Specified, profiles: Sequence[FileProfile], keys: Sequence[str]
) -> Iterator[str]:
    kept = specified.to_json()
    for what, texts in (("a key", keys), ("a server's text", [SERVERS_OWN])):
        if any(text in kept for text in texts):
            yield f"{what} is in what is kept"
    if [source.uri for source in specified.spec.sources] != [p.uri for p in profiles]:
        yield "the sources are others"
    paths = [Path(output.path) for output in specified.spec.outputs]
    if any(path.is_absolute() or ".." in path.parts for path in paths):
        yield "an output lies elsewhere"
    if specified.provenance.fell_back and not specified.provenance.fell_back_because:
        yield "fell back without a reason"


def _ended(specified: Specified) -> str:
    if specified.provenance.fell_back:
        return "planner"
    repairs = len(specified.provenance.asked) - 1
    return {0: "first answer", 1: "after 1 repair"}.get(repairs, f"after {repairs} repairs")


def _print(outcomes: Sequence[Outcome]) -> None:
    print("| spec by | runs | median s | worst s | most calls | most tokens |")
    print("|---|---|---|---|---|---|")
    for ended in sorted({outcome.ended for outcome in outcomes}):
        some = [outcome for outcome in outcomes if outcome.ended == ended]
        seconds = sorted(outcome.seconds for outcome in some)
        cells = [
            ended or "nobody",
            len(some),
            f"{seconds[len(some) // 2]:.1f}",
            f"{seconds[-1]:.1f}",
        ]
        cells += [max(o.calls for o in some), max(o.tokens for o in some)]
        print(f"| {' | '.join(map(str, cells))} |")
    good = sum(not outcome.failed for outcome in outcomes)
    print(f"\n{good} of {len(outcomes)} runs kept to all of it ({good / len(outcomes):.1%}).\n")
    used: Counter[str] = Counter()
    for outcome in outcomes:
        used.update(kind.removesuffix(", late") for kind in outcome.kinds[: outcome.calls])
    print(f"{sum(used.values())} replies of {len(used)} kinds were heard; the rarest:")
    print(", ".join(f"{kind} {count}" for kind, count in used.most_common()[:-6:-1]), "\n")
    print("Slowest:")
    for outcome in sorted(outcomes, key=lambda o: -o.seconds)[:5]:
        print(
            f"- seed {outcome.seed}, {outcome.provider}: {outcome.seconds:.1f} s, {_told(outcome)}"
        )
    for outcome in outcomes:
        for failure in outcome.failed:
            print(f"FAILED {failure}: {_told(outcome)}")


def _told(outcome: Outcome) -> str:
    heard = ", ".join(outcome.kinds[: outcome.calls])
    whose = f"seed {outcome.seed}, {outcome.provider}, {outcome.seconds:.1f} s"
    return f"{whose}, {outcome.calls} calls ({heard}), {outcome.ended or 'nothing'}"


def _package(outcomes: Sequence[Outcome], bundles: int, folder: Path) -> int:
    """Package some of the specs, each another, models' and the planner's by turns."""
    distinct: dict[str, dict[str, Outcome]] = {}
    for outcome in outcomes:
        if outcome.specified is not None and not outcome.failed:
            document = {**outcome.specified.document, "assumptions": [], "description": ""}
            by_whom = distinct.setdefault(outcome.ended, {})
            by_whom.setdefault(json.dumps(document, sort_keys=True), outcome)
    queues = [list(by_whom.values()) for by_whom in distinct.values()]
    chosen: list[Outcome] = []
    while len(chosen) < bundles and any(queues):
        chosen += [queue.pop(0) for queue in queues if queue]
    failed = 0
    for outcome in chosen[:bundles]:
        assert outcome.specified is not None
        started = time.monotonic()
        try:
            record = package(
                outcome.specified.spec,
                outcome.profiles,
                folder / f"{outcome.seed}.zip",
                provenance=outcome.specified.provenance,
            )
            said = f"{record.verification.tests.passed} tests passed"
        except Exception as error:  # noqa: BLE001 - each is a defect
            failed += 1
            said = f"FAILED {type(error).__name__}: {str(error)[:300]}"
        seconds = time.monotonic() - started
        print(
            f"Bundle of seed {outcome.seed} ({outcome.ended}), {seconds:.0f} s: {said}", flush=True
        )
    return failed


def _profiles(folder: Path) -> dict[str, FileProfile]:
    targets = folder / "targets.csv"
    targets.write_text(TARGETS)
    files = {"orders": FILES / "orders.csv", "customers": FILES / "customers.json"}
    return {name: profile_source(str(path)) for name, path in {**files, "targets": targets}.items()}


@contextmanager
def _no_settings() -> Iterator[None]:
    """Without what whoever runs this has set in the environment."""
    names = ("GEMINI_API_KEY", "OPENAI_API_KEY")
    hidden = {n: os.environ.pop(n) for n in list(os.environ) if n in names or n.startswith("ADE_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--bundles", type=int, default=5)
    options = parser.parse_args()
    chosen = range(options.first, options.first + options.seeds)
    sys.exit(1 if main(chosen, options.bundles) else 0)

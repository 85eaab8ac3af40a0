"""What the pages name is there: files, sections, settings, commands of ours and of Prefect."""

import importlib.util
import re
from pathlib import Path

import pytest
from prefect.cli._app import _app as prefect_command
from prefect.settings import Settings as PrefectSettings
from prefect.settings.legacy import _get_settings_fields

from ai_data_engineer.settings import _NO_SETTINGS, Settings

PAGES = [
    Path("README.md"),
    *sorted(Path("docs").rglob("*.md")),
    *sorted(Path("deployments").rglob("*.md")),
]
EACH = pytest.mark.parametrize("page", PAGES, ids=map(str, PAGES))
SETTINGS = (
    {f"ADE_{name.upper()}" for name in Settings.model_fields}
    | _NO_SETTINGS
    | set(_get_settings_fields(PrefectSettings))
    # Prefect reads these without a field of its settings, prefect-redis its own.
    | {"PREFECT_SERVER_ENCRYPTION_KEY", "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER"}
    | {"PREFECT_REDIS_MESSAGING_HOST"}
)


def sections(page):
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@EACH
def test_links_lead_somewhere(page):
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" not in link:
            file, _, section = link.partition("#")
            target = page.parent / file if file else page
            is_there = target.exists() and (not section or section in sections(target))
            broken += [] if is_there else [link]
    assert broken == []


@EACH
def test_settings_exist(page):
    named = set(re.findall(r"\b(?:ADE|PREFECT)_[A-Z_]*[A-Z]\b", page.read_text("utf-8")))
    # `PREFECT_REDIS_…` and the like stand for all that begin so.
    assert [n for n in sorted(named) if not any(s.startswith(n) for s in SETTINGS)] == []


@EACH
def test_modules_that_are_run_exist(page):
    named = set(
        re.findall(r"python -m ((?:deployments|benchmarks)[\w.]*\w)", page.read_text("utf-8"))
    )
    assert [name for name in sorted(named) if importlib.util.find_spec(name) is None] == []


@EACH
def test_prefect_has_the_commands(page):
    unknown = []
    # At the beginning of a line or of code; in a sentence they are no commands.
    for words in re.findall(
        r"(?:^\s*|`|&& )prefect (?:--no-prompt )?([a-z][a-z-]*(?: [a-z][a-z-]*)*)",
        page.read_text("utf-8"),
        re.MULTILINE,
    ):
        command = prefect_command
        for word in words.split():
            if not any(name for name in command if not name.startswith("-")):
                break  # what follows are arguments
            if word not in [*command]:
                unknown.append(words)
                break
            command = command[word]
    assert unknown == []


def test_the_commands_of_prefect_are_really_looked_up():
    assert "ls" in [*prefect_command["work-pool"]]
    assert "ls" not in [*prefect_command["worker"]]

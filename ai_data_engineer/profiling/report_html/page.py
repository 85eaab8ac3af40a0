"""The page: templates, style and script put together, with a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from importlib import resources

import jinja2
from markupsafe import Markup

from ai_data_engineer import __version__
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.profiling.report_html import text
from ai_data_engineer.profiling.report_html.packing import PER_PIECE, WIDE, packed
from ai_data_engineer.profiling.report_html.source_view import SourceView
from ai_data_engineer.profiling.report_html.warning_ranks import TITLES


def profile_page(profile: FileProfile) -> str:
    """Return a profile as one HTML page that loads nothing.

    Values of columns with personal data are not shown. The same profile gives the same page.
    """
    view = SourceView(profile)
    body = macro("column.html.jinja", "body")
    wide = is_wide(len(view.columns))
    pieces = packed(str(body(column, view)) for column in view.columns) if wide else ()
    return rendered("profile.html.jinja", view=view, body=body, pieces=pieces, is_wide=wide)


def is_wide(columns: int) -> bool:
    """Return whether so many columns are packed."""
    return columns > WIDE


def macro(template: str, name: str) -> Callable[..., Markup]:
    """Return a macro of a template."""
    found: Callable[..., Markup] = getattr(environment().get_template(template).module, name)
    return found


def rendered(template: str, **shown: object) -> str:
    """Return a template with style and script in it."""
    return (
        environment()
        .get_template(template)
        .render(
            style=Markup(_file("report.css")),  # noqa: S704
            script=Markup(_file("report.js")),  # noqa: S704
            policy=_policy(),
            version=__version__,
            per_piece=PER_PIECE,
            **shown,
        )
    )


@cache
def environment() -> jinja2.Environment:
    """Return what renders: everything is escaped, and no invisible character gets through."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("ai_data_engineer.profiling.report_html"),
        autoescape=True,
        finalize=text.plain,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "shown": text.shown,
        "count": text.count,
        "share": text.share,
        "value": text.value,
    }
    made.globals |= {"ranks": TITLES}
    return made


def _policy() -> str:
    """Return the Content-Security-Policy: this style, this script, and nothing from anywhere."""
    style, script = (
        base64.b64encode(hashlib.sha256(_file(name).encode()).digest()).decode()
        for name in ("report.css", "report.js")
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _file(name: str) -> str:
    folder = resources.files("ai_data_engineer.profiling.report_html") / "templates"
    return (folder / name).read_text(encoding="utf-8")

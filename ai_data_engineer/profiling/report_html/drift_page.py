"""The page of what changed from one source to another."""

from __future__ import annotations

from ai_data_engineer.profiling.drift.document import Drift
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.profiling.report_html.drift_view import KINDS, TITLES, DriftView
from ai_data_engineer.profiling.report_html.packing import packed
from ai_data_engineer.profiling.report_html.page import is_wide, macro, rendered
from ai_data_engineer.profiling.report_html.source_view import SourceView


def drift_page(before: FileProfile, after: FileProfile, drift: Drift) -> str:
    """Return what changed from one profile to another as one HTML page that loads nothing.

    Values of columns with personal data in either source are not shown.
    """
    view = DriftView(SourceView(before), SourceView(after), drift)
    body = macro("changed_column.html.jinja", "body")
    wide = is_wide(len(view.columns))
    pieces = packed(str(body(column)) for column in view.columns) if wide else ()
    return rendered(
        "drift.html.jinja", view=view, body=body, pieces=pieces, is_wide=wide,
        severities=TITLES, kinds=KINDS,
    )  # fmt: skip

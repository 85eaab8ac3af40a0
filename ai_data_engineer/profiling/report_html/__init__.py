"""A profile, or what changed between two, as one HTML file that needs nothing else."""

from ai_data_engineer.profiling.report_html.drift_page import drift_page
from ai_data_engineer.profiling.report_html.page import profile_page

__all__ = ["drift_page", "profile_page"]

"""What a run leaves to look at in Prefect's UI. Names, types and counts; no value of a cell."""

from tasks.artifacts.bundle import bundle_link, verification
from tasks.artifacts.drift import drift_report
from tasks.artifacts.findings import findings
from tasks.artifacts.profile import profile_report
from tasks.artifacts.progress import Progress, Reading
from tasks.artifacts.specification import specification

__all__ = [
    "Progress",
    "Reading",
    "bundle_link",
    "drift_report",
    "findings",
    "profile_report",
    "specification",
    "verification",
]

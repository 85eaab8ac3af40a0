"""Text can be read in light and dark: WCAG 2.2, 1.4.3 (AA) and, for charts, 1.4.11."""

import re
from pathlib import Path

import pytest

import ai_data_engineer.profiling.report_html as package

STYLE = (Path(package.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block))
    for block in (STYLE.split("@media")[0], STYLE.split("@media")[1])
)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        *((ink, ground, 4.5) for ink in ("ink", "soft", "accent") for ground in ("page", "panel", "tint")),
        *((kind, f"{kind}-tint", 4.5) for kind in ("wrong", "check", "personal", "key", "plain")),
        *((kind, "page", 4.5) for kind in ("wrong", "check", "personal", "plain")),
        ("ink", "check-tint", 4.5),
        ("page", "accent", 4.5),
        ("fill", "panel", 3),
        ("fill", "page", 3),
        ("check", "plain-tint", 3),
    ],
)  # fmt: skip
def test_colours_are_far_enough_apart(
    theme: dict[str, str], ink: str, ground: str, least: float
) -> None:
    assert contrast(theme[ink], theme[ground]) >= least

"""The same figures, reached in another order."""

from __future__ import annotations

import pytest

from ai_data_engineer.profiling import FileProfile


def assert_same_figures(found: FileProfile, expected: FileProfile) -> None:
    """Compare what two profiles say of the columns, but for rounding and the order of ties."""
    for one, other in zip(found.columns, expected.columns, strict=True):
        ours, theirs = one.to_dict(), other.to_dict()
        for name in ("mean", "std", "skew", "quantiles"):
            assert ours.pop(name, None) == pytest.approx(theirs.pop(name, None)), one.name
        for top in ("top_values", "shapes"):
            ours[top] = sorted(v["count"] for v in ours[top])
            theirs[top] = sorted(v["count"] for v in theirs[top])
        assert ours == theirs

from ai_data_engineer.profiling.profile import HistogramBin
from ai_data_engineer.profiling.report_html.charts import bar, box, histogram, overlay, spark, strip


def bins(*counts: int, low: float = 0, width: float = 10) -> tuple[HistogramBin, ...]:
    return tuple(
        HistogramBin(low=low + i * width, high=low + (i + 1) * width, count=n)
        for i, n in enumerate(counts)
    )


def test_a_small_chart_is_one_path() -> None:
    assert 'd="M0 16v-16h1v8h1v8h2V16z"' in spark([2, 1, 0, 0])


def test_a_bin_that_holds_anything_is_seen() -> None:
    assert "v-16h1v15h1" in spark([100_000, 1])
    assert 'height="1.5"' in histogram(bins(100_000, 1))


def test_a_histogram_says_what_it_shows() -> None:
    drawn = histogram(bins(5, 1200))
    assert (
        'aria-label="Histogram of 2 bins from 0 to 20; the fullest, 10 to 20, holds 1,200."'
        in drawn
    )
    assert "<title>10 to 20: 1,200</title>" in drawn


def test_a_box_stands_below_the_values_it_is_about() -> None:
    quantiles = {"0.05": 5.0, "0.25": 25.0, "0.5": 50.0, "0.75": 75.0, "0.95": 95.0}
    drawn = box(quantiles, 0, 100)
    assert 'd="M5.00 5H95.00"' in drawn
    assert 'x="25.00" y="1" width="50.00"' in drawn
    assert box(quantiles, 7, 7) == ""
    assert box({}, 0, 1) == ""


def test_bars_are_shares() -> None:
    assert 'width="25.0%"' in bar(1, 4)
    assert 'width="0.0%"' in bar(1, 0)


def test_two_histograms_share_a_range_and_are_drawn_by_density() -> None:
    drawn = overlay(bins(10, 10), bins(20, low=20, width=20))
    assert 'class="before" d="M0.00 100V0.0H25.00V0.0H50.00V100"' in drawn
    assert 'd="M50.00 100V0.0H100.00V100"' in drawn


def test_a_strip_shows_the_worst_of_columns_that_share_a_step() -> None:
    drawn = strip([0.0] * 999 + [1.0], at_most=10)
    assert 'viewBox="0 0 10 20"' in drawn
    assert 'd="M9 20V0h1V20z"' in drawn
    assert strip([])

"""Words that stand in an order: sizes, degrees, answers, weekdays, months."""

from __future__ import annotations

from collections.abc import Mapping

_SCALES = tuple(
    frozenset(word.strip() for word in scale.split(","))
    for scale in (
        "very low, low, medium low, medium, med, moderate, normal, average, medium high, high, "
        "very high, critical, urgent, severe, none, minimal, extreme",
        "xxs, xs, s, m, l, xl, xxl, xxxl, 2xl, 3xl, 4xl, 5xl, one size",
        "tiny, very small, small, medium, large, very large, huge, x-large, extra large, "
        "extra small, xl",
        "strongly disagree, disagree, somewhat disagree, neutral, neither agree nor disagree, "
        "somewhat agree, agree, strongly agree, undecided, no opinion",
        "very dissatisfied, dissatisfied, somewhat dissatisfied, neutral, somewhat satisfied, "
        "satisfied, very satisfied, unsatisfied",
        "never, rarely, seldom, occasionally, sometimes, often, frequently, usually, very often, "
        "almost always, always",
        "very unlikely, unlikely, neutral, likely, very likely",
        "very poor, poor, bad, fair, average, ok, good, very good, excellent, outstanding, ideal, "
        "premium",
        "bronze, silver, gold, platinum, diamond, basic, standard, plus, premium",
        "beginner, elementary, novice, intermediate, advanced, expert, native, fluent",
        "junior, mid, middle, senior, lead, principal, staff",
        "daily, weekly, biweekly, fortnightly, monthly, quarterly, yearly, annually",
        "trivial, minor, major, critical, blocker, low, medium, high",
        "debug, info, information, warn, warning, error, critical, fatal, trace, notice",
        "primary, secondary, tertiary, high school, bachelor, bachelors, master, masters, "
        "doctorate, phd",
        "monday, tuesday, wednesday, thursday, friday, saturday, sunday",
        "mon, tue, tues, wed, thu, thur, thurs, fri, sat, sun",
        "montag, dienstag, mittwoch, donnerstag, freitag, samstag, sonntag",
        "lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche",
        "lunes, martes, miércoles, jueves, viernes, sábado, domingo",
        "january, february, march, april, may, june, july, august, september, october, november, "
        "december",
        "jan, feb, mar, apr, may, jun, jul, aug, sep, sept, oct, nov, dec",
        "januar, februar, märz, april, mai, juni, juli, august, september, oktober, november, "
        "dezember",
        "janvier, février, mars, avril, mai, juin, juillet, août, septembre, octobre, novembre, "
        "décembre",
        "sehr niedrig, niedrig, gering, mittel, hoch, sehr hoch, klein, groß, kritisch",
        "faible, moyen, moyenne, élevé, élevée, haut, bas, petit, grand",
        "bajo, baja, medio, media, alto, alta, pequeño, mediano, grande",
    )
)


def share_in_an_order(counts: Mapping[str, int]) -> float:
    """Return the share of the texts that belong to one scale, two or more of it; nought if none."""
    lowered = {text.casefold() for text in counts}
    scale = max(_SCALES, key=lambda s: len(s & lowered))
    if len(scale & lowered) < 2:
        return 0.0
    return sum(n for t, n in counts.items() if t.casefold() in scale) / sum(counts.values())

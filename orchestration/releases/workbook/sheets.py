"""What the sheets of the workbook are called and say beside their tables; `queries/` has the tables."""

from dataclasses import dataclass

HIDDEN, NO_FIGURE, NOTHING_TO_SAY = "[c]", "[x]", "[z]"
LEGEND = [
    f"{HIDDEN} the figure is hidden, because it would tell of few people",
    f"{NO_FIGURE} there is no figure, or it would need one that is hidden",
    f"{NOTHING_TO_SAY} does not apply",
]
"""The shorthand that the Analysis Function recommends for cells without a value."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, the query of the same name, the tables that it reads, title, and what to know of it."""

    label: str
    query: str
    tables: tuple[str, ...]
    title: str
    about: str
    whole: str
    """The published table that has every row."""


_PLACES = ("target_vs_baseline", "neighbourhood_scorecard", "ni_indicators", "apacs_indicators", "indicators")
SHEETS = (
    Sheet(
        "Targets",
        "targets",
        ("target_vs_baseline", "targets", "indicators", "areas"),
        "Targets against their baselines",
        "Each target as it stands, with the change since its baseline and whether that is more than chance.$$chance$$",
        "target_vs_baseline",
    ),
    Sheet(
        "As at",
        "as_at",
        (*_PLACES, "indicators_as_at"),
        "Every indicator as at the date of the release",
        "Areas of plans, their neighbourhoods, and larger areas beside them; with the year before.$$comparable$$",
        "indicators_as_at",
    ),
    Sheet(
        "Years",
        "years",
        (*_PLACES, "indicator_values"),
        "Every indicator year by year",
        "The same areas. Months, wards and all else are in indicator_values.$$definition$$$$rounding$$",
        "indicator_values",
    ),
    Sheet(
        "Deliveries",
        "deliveries",
        ("deliveries",),
        "What was delivered",
        "Each file received and what became of it. Numbers of rows are hidden where the rows are people.$$made-up$$",
        "deliveries",
    ),
)
NOTES = (
    (
        "chance",
        "More than chance: the change is larger than such numbers change by themselves, at 5%. It does not say why.",
    ),
    ("definition", "Definition: verified against the handbook, unverified, or a proxy that is built on open data."),
    ("made-up", "Made-up figures: the row rests wholly or partly on extracts that were made up for trying things out."),
    ("comparable", "Comparable: No where the figure or what it is compared with lies behind a break of the series."),
    ("rounding", "Figures are rounded for reading. The other forms of the release have them as they were computed."),
)

"""A traced figure: what it is, what was counted for it, and in which files and rows."""

from dataclasses import dataclass, field

NUMERATOR, DENOMINATOR = "numerator", "denominator"


@dataclass(frozen=True)
class Contribution:
    """The rows of one file behind a part of a figure, and what they count together."""

    feed: str
    file_name: str
    file_sha256: str
    row_count: int
    counted: float
    row_numbers: str


@dataclass(frozen=True)
class Part:
    """What was counted of one measure: a figure's numerator or denominator, or an age group of its numerator."""

    name: str
    measure_code: str
    period_start: str
    period_end: str
    published: float | None = None
    years_averaged: int = 1
    contributions: list[Contribution] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """How many rows the lineage holds for the part."""
        return sum(contribution.row_count for contribution in self.contributions)

    @property
    def counted(self) -> float:
        """What the rows of the lineage count together, as the figure takes it: averaged where it is an average."""
        return sum(contribution.counted for contribution in self.contributions) / self.years_averaged


@dataclass(frozen=True)
class AgeGroup:
    """An age group of a standardised rate: its rows are among the numerator's."""

    part: Part
    weight: float
    total_weight: float
    standard_population: str


@dataclass(frozen=True)
class Trace:
    """A published figure with its definition and everything that was counted for it."""

    release_id: str
    indicator_code: str
    title: str
    definition: str
    formula_kind: str
    area_code: str
    area: str
    period: str
    period_start: str
    period_end: str
    value: float | None
    unit: str
    numerator: float | None
    denominator: float | None
    denominator_kind: str | None
    is_suppressed: bool
    rounded_to: int | None
    note: str | None
    parts: list[Part]
    age_groups: list[AgeGroup]
    components: list["Trace"]

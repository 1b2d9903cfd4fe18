"""From a published figure back to the files and rows behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from orchestration.provenance import DBT_PROJECT_DIR
from orchestration.releases import current_release
from orchestration.releases.trace_names import TraceError, resolve
from sources.folder.data_folder import DataFolder

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
    note: str | None
    parts: list[Part]
    age_groups: list[AgeGroup]
    components: list["Trace"]


_FIGURE = """
select
    i.indicator_code, i.title, i.definition, i.formula_kind, i.numerator_measure, i.denominator_measure,
    v.area_code, v.area_name || ' (' || v.area_code || ')' as area, v.period_label as period,
    v.period_start::varchar as period_start, v.period_end::varchar as period_end,
    v.value, v.unit, v.numerator, v.denominator, i.denominator as denominator_kind, v.is_suppressed, v.note,
    -- The average of three years, compared with the one that ended a year earlier.
    (v.period_start - interval 2 year)::date::varchar as three_years_start,
    (v.period_start - interval 3 year)::date::varchar as three_years_before_start,
    (v.period_end - interval 1 year)::date::varchar as three_years_before_end
from indicator_values as v
join indicators as i using (indicator_code)
where v.indicator_code = ? and v.area_code = ? and v.period_label = ?
"""

# A feed counted by period can send windows that overlap: of those, the figure takes what ends with it.
_ROWS = """
create or replace temp table traced as
with deliveries_known as (
    select agency || '/' || feed as feed, file_sha256, min(file_name) as file_name, max(period_end) as period_end
    from deliveries
    where status in ('accepted', 'partly_accepted')
    group by all
),
parts as (
    select unnest($parts) as part, unnest($measures) as measure_code,
        unnest($starts)::date as period_start, unnest($ends)::date as period_end
),
area_rows as (
    from read_parquet($lineage)
    where month between (select min(period_start) from parts) and (select max(period_end) from parts)
        and list_contains(string_split(area_codes, ', '), $area_code)
)
select part, feed, file_sha256, coalesce(file_name, 'not in deliveries') as file_name, row_number,
    sum(quantity)::double as quantity
from area_rows
join parts
    on list_contains(string_split(measure_codes, ', '), measure_code)
    and month between parts.period_start and parts.period_end
left join deliveries_known using (feed, file_sha256)
left join read_csv($feed_counting, header = true, all_varchar = true) as counting on feed = counting.source_feed
where coalesce(counted_by, 'month') = 'month' or deliveries_known.period_end <= parts.period_end
group by all
"""

_CONTRIBUTIONS = """
with numbered as (
    select *, row_number - row_number() over (partition by part, feed, file_sha256 order by row_number) as run
    from traced
), runs as (
    select part, feed, file_name, file_sha256, count(*) as row_count, sum(quantity) as counted,
        min(row_number) as first_row, max(row_number) as last_row
    from numbered
    group by part, feed, file_name, file_sha256, run
)
select part, feed, file_name, file_sha256, sum(row_count)::bigint, sum(counted),
    string_agg(
        case when first_row = last_row then first_row::varchar else first_row || '-' || last_row end, ', '
        order by first_row
    )
from runs
group by all
order by part, file_name, feed
"""

_AGE_GROUPS = """
select age_group, part_measure_code, standard_population,
    weight::double as weight, sum(weight::double) over () as total_weight
from read_csv($age_groups, header = true, all_varchar = true) as age_groups
join read_csv($standards, header = true, all_varchar = true) as standards using (standard_population, age_group)
where measure_code = $measure_code
order by try_cast(regexp_extract(age_group, '\\d+') as integer)
"""

_COMPONENTS = """
with gaps as (
    from read_csv($gaps, header = true, all_varchar = true) where indicator_code = $indicator
), components as (
    select minuend_indicator as part, 1 as place from gaps
    union all
    select subtrahend_indicator, 2 from gaps
    union all
    select part_indicator, 3 from read_csv($sums, header = true, all_varchar = true) where indicator_code = $indicator
)
select part
from components
join indicator_values on part = indicator_code and area_code = $area and period_label = $period
order by place, part
"""


def trace(folder: DataFolder, indicator: str, area: str, period: str) -> Trace:
    """Return the figure that the current release publishes, and the rows it was counted from.

    Args:
        folder: the data folder.
        indicator: a code or words of the title, e.g. `OD-BURGLARY`, `NI 17`.
        area: a code or words of the name, e.g. `E07000133`, `Melton`.
        period: as published, or words of it, e.g. `2021/22`, `2021/22 Q1`, `2021-04`, `12 months to 2021-12`.

    Raises:
        TraceError: no such figure, or several fit, or the release has no lineage file, or it does not add up.
    """
    release = current_release(folder)
    if release is None:
        raise TraceError("nothing has been published yet: run `csp nightly` first")
    with duckdb.connect(str(release.path / "indicators.duckdb"), read_only=True) as connection:
        lineage = folder.lineage / f"{release.release_id}.parquet"
        if not lineage.exists():
            raise TraceError(f"{lineage} is missing: the rows behind release {release.release_id} cannot be shown")
        names = resolve(connection, indicator, area, period)
        try:
            return _trace(connection, release.release_id, str(lineage), *names)
        except duckdb.Error as error:
            raise TraceError(f"{lineage} cannot be read: {error}. `csp verify` says whether it was changed") from error


def _trace(
    connection: duckdb.DuckDBPyConnection, release_id: str, lineage: str, indicator: str, area: str, period: str
) -> Trace:
    figure = _rows(connection, _FIGURE, [indicator, area, period])[0]
    groups = _rows(
        connection,
        _AGE_GROUPS,
        {
            "age_groups": _seed("measure_age_groups"),
            "standards": _seed("standard_populations"),
            "measure_code": figure["numerator_measure"],
        },
    )
    if figure["formula_kind"] != "standardised_rate":
        groups = []
    parts = _parts(figure)
    whole = (figure["period_start"], figure["period_end"])
    counted = _counted(
        connection,
        lineage,
        figure["area_code"],
        [*parts, *(Part(group["age_group"], group["part_measure_code"], *whole) for group in groups)],
    )
    for part in counted[: len(parts)]:
        if part.published is not None and abs(part.published - part.counted) > 1e-6:
            raise TraceError(
                f"the release counts {part.published:g} as {part.name} and its lineage {part.counted:g}: "
                "run `csp verify`, do not use it"
            )
    components = [
        _trace(connection, release_id, lineage, row["part"], area, period)
        for row in _rows(
            connection,
            _COMPONENTS,
            {
                "gaps": _seed("indicator_gaps"),
                "sums": _seed("indicator_sums"),
                "indicator": indicator,
                "area": area,
                "period": period,
            },
        )
    ]
    _require_that_they_add_up(figure, components)
    return Trace(
        release_id=release_id,
        **{name: figure[name] for name in Trace.__dataclass_fields__ if name in figure},
        parts=counted[: len(parts)],
        age_groups=[
            AgeGroup(part, group["weight"], group["total_weight"], group["standard_population"])
            for part, group in zip(counted[len(parts) :], groups, strict=True)
        ],
        components=components,
    )


def _require_that_they_add_up(figure: Mapping[str, Any], components: list[Trace]) -> None:
    values = [component.value for component in components if component.value is not None]
    if figure["value"] is None or not components or len(values) < len(components):
        return
    result = values[0] - values[1] if figure["formula_kind"] == "gap" else sum(values)
    if abs(figure["value"] - result) > 1e-6:
        codes = ", ".join(component.indicator_code for component in components)
        raise TraceError(
            f"the release says {figure['value']:g} and {codes} give {result:g}: indicator_gaps.csv or "
            "indicator_sums.csv has changed since the release; trace these indicators one by one"
        )


def _parts(figure: Mapping[str, Any]) -> list[Part]:
    """Return what a figure is counted from, nothing counted yet."""
    if not figure["numerator_measure"]:  # a gap or a sum, whose components are figures of their own
        return []
    if figure["formula_kind"] == "rolling_average_change":
        return [
            Part(
                NUMERATOR,
                figure["numerator_measure"],
                figure["three_years_start"],
                figure["period_end"],
                figure["numerator"],
                years_averaged=3,
            ),
            Part(
                DENOMINATOR,
                figure["numerator_measure"],
                figure["three_years_before_start"],
                figure["three_years_before_end"],
                figure["denominator"],
                years_averaged=3,
            ),
        ]
    whole = (figure["period_start"], figure["period_end"])
    parts = [Part(NUMERATOR, figure["numerator_measure"], *whole, figure["numerator"])]
    if figure["denominator_measure"]:
        parts.append(Part(DENOMINATOR, figure["denominator_measure"], *whole, figure["denominator"]))
    return parts


def _counted(connection: duckdb.DuckDBPyConnection, lineage: str, area_code: str, parts: list[Part]) -> list[Part]:
    """Return the parts with the rows of an area that were counted for each."""
    if not parts:
        return []
    connection.execute(
        _ROWS,
        {
            "parts": [part.name for part in parts],
            "measures": [part.measure_code for part in parts],
            "starts": [part.period_start for part in parts],
            "ends": [part.period_end for part in parts],
            "lineage": lineage,
            "area_code": area_code,
            "feed_counting": _seed("feed_counting"),
        },
    )
    found: dict[str, list[Contribution]] = {part.name: [] for part in parts}
    for name, *rest in connection.execute(_CONTRIBUTIONS).fetchall():
        found[name].append(Contribution(*rest))
    return [Part(**{**vars(part), "contributions": found[part.name]}) for part in parts]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: object) -> list[dict[str, Any]]:
    found = connection.execute(sql, parameters)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _seed(name: str) -> str:
    return str(next((DBT_PROJECT_DIR / "seeds").rglob(f"{name}.csv")))

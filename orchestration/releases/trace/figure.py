"""A published figure with everything that was counted for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.releases.files import DATABASE
from orchestration.releases.find import read_manifest, require_current
from orchestration.releases.lineage import AGE_GROUP_WEIGHTS, COUNTED_ROWS, INDICATOR_COMPONENTS, lineage_of
from orchestration.releases.partners import require_twin
from orchestration.releases.trace.model import DENOMINATOR, NUMERATOR, AgeGroup, Part, Trace
from orchestration.releases.trace.names import TraceError, resolve
from orchestration.releases.trace.rows import counted
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger, Receipt

_FIGURE = """
select
    i.indicator_code, i.title, i.definition, i.formula_kind, i.numerator_measure, i.denominator_measure,
    v.area_code, v.area_name || ' (' || v.area_code || ')' as area, v.period_label as period,
    v.period_start::varchar as period_start, v.period_end::varchar as period_end,
    v.value, v.unit, v.numerator, v.denominator, i.denominator as denominator_kind, v.is_suppressed,
    v.rounded_to, v.note,
    -- The average of three years, compared with the one that ended a year earlier.
    (v.period_start - interval 2 year)::date::varchar as three_years_start,
    (v.period_start - interval 3 year)::date::varchar as three_years_before_start,
    (v.period_end - interval 1 year)::date::varchar as three_years_before_end
from indicator_values as v
join indicators as i using (indicator_code)
where v.indicator_code = ? and v.area_code = ? and v.period_label = ?
"""

_AGE_GROUPS = """
select age_group, part_measure_code, standard_population,
    weight::double as weight, sum(weight::double) over () as total_weight
from read_parquet($weights)
where measure_code = $measure_code
order by try_cast(regexp_extract(age_group, '\\d+') as integer)
"""

_COMPONENTS = """
select component_indicator
from read_parquet($components) as components
join indicator_values as figures on component_indicator = figures.indicator_code
where components.indicator_code = $indicator and area_code = $area and period_label = $period
order by component_number
"""


@dataclass(frozen=True)
class _Explained:
    """An open release and its lineage."""

    release_id: str
    connection: duckdb.DuckDBPyConnection
    lineage: Mapping[str, Sequence[Path]]
    receipts: Sequence[Receipt]

    def files(self, table: str) -> list[str]:
        return [str(file) for file in self.lineage[table]]

    def rows(self, sql: str, parameters: object) -> list[dict[str, Any]]:
        found = self.connection.execute(sql, parameters)
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def trace(folder: DataFolder, indicator: str, area: str, period: str, for_partners: bool = False) -> Trace:
    """Return the figure that the current release publishes, and the rows it was counted from.

    Args:
        folder: the data folder.
        indicator: a code or words of the title, e.g. `OD-BURGLARY`, `NI 17`.
        area: a code or words of the name, e.g. `E07000133`, `Melton`.
        period: as published, or words of it, e.g. `2021/22`, `2021/22 Q1`, `2021-04`, `12 months to 2021-12`.
        for_partners: the figure of its exact twin.

    Raises:
        NothingPublishedError: there is no release.
        LineageError: the release lacks its lineage, or has it as an older version wrote it.
        TraceError: no such figure, or several fit, or it does not add up.
    """
    release = require_twin(folder) if for_partners else require_current(folder)
    lineage = lineage_of(folder, read_manifest(folder, release.release_id))
    with duckdb.connect(str(release.path / DATABASE), read_only=True) as connection:
        names = resolve(connection, indicator, area, period)
        try:
            return _trace(_Explained(release.release_id, connection, lineage, Ledger(folder).receipts()), *names)
        except duckdb.Error as error:
            raise TraceError(
                f"{lineage[COUNTED_ROWS][0].parent} cannot be read: {error}. `csp verify` says whether it was changed"
            ) from error


def _trace(explained: _Explained, indicator: str, area: str, period: str) -> Trace:
    figure = explained.rows(_FIGURE, [indicator, area, period])[0]
    groups = []
    if figure["formula_kind"] == "standardised_rate":
        weights = explained.files(AGE_GROUP_WEIGHTS)
        groups = explained.rows(_AGE_GROUPS, {"weights": weights, "measure_code": figure["numerator_measure"]})
    whole = (figure["period_start"], figure["period_end"])
    of_groups = [Part(group["age_group"], group["part_measure_code"], *whole) for group in groups]
    parts = _parts(figure)
    found = counted(
        explained.connection,
        explained.files(COUNTED_ROWS),
        figure["area_code"],
        [*parts, *of_groups],
        explained.receipts,
    )
    parts, of_groups = found[: len(parts)], found[len(parts) :]
    _require_the_published_counts(parts, figure["rounded_to"])
    component_names = explained.rows(
        _COMPONENTS,
        {
            "components": explained.files(INDICATOR_COMPONENTS),
            "indicator": indicator,
            "area": area,
            "period": period,
        },
    )
    components = [_trace(explained, row["component_indicator"], area, period) for row in component_names]
    _require_that_they_add_up(figure, components)
    return Trace(
        release_id=explained.release_id,
        **{name: figure[name] for name in Trace.__dataclass_fields__ if name in figure},
        parts=parts,
        age_groups=[
            AgeGroup(part, group["weight"], group["total_weight"], group["standard_population"])
            for part, group in zip(of_groups, groups, strict=True)
        ],
        components=components,
    )


def _require_the_published_counts(parts: list[Part], rounded_to: int | None) -> None:
    for part in parts:
        if part.published is not None and abs(part.published - part.counted) > _rounding(rounded_to):
            raise TraceError(
                f"the release counts {part.published:g} as {part.name} and its lineage {part.counted:g}: "
                "run `csp verify`, do not use it"
            )


def _require_that_they_add_up(figure: Mapping[str, Any], components: list[Trace]) -> None:
    values = [component.value for component in components if component.value is not None]
    if figure["value"] is None or not components or len(values) < len(components):
        return
    is_gap = figure["formula_kind"] == "gap"  # a gap is one of published figures, a sum is rounded by itself
    result = values[0] - values[1] if is_gap else sum(values)
    rounding = _rounding(None) if is_gap else (len(values) + 1) * _rounding(figure["rounded_to"])
    if abs(figure["value"] - result) > rounding:
        codes = ", ".join(component.indicator_code for component in components)
        raise TraceError(
            f"the release says {figure['value']:g} and its components {codes} give {result:g}: run `csp verify`, "
            "do not use it"
        )


def _rounding(rounded_to: int | None) -> float:
    """Return how far a published count may lie from what was counted."""
    return (rounded_to or 0) / 2 + 1e-6


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

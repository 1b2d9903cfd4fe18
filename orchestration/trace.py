"""From a published figure back to the files and rows behind it."""

from dataclasses import dataclass

import duckdb

from orchestration.release_store import current_release
from sources.data_folder import DataFolder


class TraceError(Exception):
    """There is no such figure in the current release, or no lineage for it; the message says what there is."""


@dataclass(frozen=True)
class Contribution:
    """The rows of one file behind a figure."""

    feed: str
    file_name: str
    file_sha256: str
    row_count: int
    row_numbers: str


@dataclass(frozen=True)
class Trace:
    """A published figure with its definition and everything that was counted for it."""

    release_id: str
    indicator_code: str
    title: str
    definition: str
    measure_code: str
    area: str
    period: str
    period_start: str
    period_end: str
    value: float | None
    unit: str
    numerator: float | None
    denominator: float | None
    note: str | None
    contributions: list[Contribution]

    @property
    def is_suppressed(self) -> bool:
        """Whether the release hides the figure; its note says so first."""
        return (self.note or "").startswith("suppressed: ")

    @property
    def rows_found(self) -> int:
        """How many rows the lineage holds for the figure."""
        return sum(contribution.row_count for contribution in self.contributions)


_FIGURE = """
select
    v.area_code, i.indicator_code, i.title, i.definition, i.numerator_measure as measure_code,
    v.area_name || ' (' || v.area_code || ')' as area, v.period_label as period,
    -- An average of three years stands on the rows of all three.
    (case when i.formula_kind = 'rolling_average_change' then v.period_start - interval 2 year else v.period_start end)
        ::date::varchar as period_start,
    v.period_end::varchar as period_end,
    case when i.formula_kind = 'rolling_average_change' then 3 * v.numerator else v.numerator end as counted,
    v.value, v.unit, v.numerator, v.denominator, v.note
from indicator_values as v
join indicators as i using (indicator_code)
where lower(v.indicator_code) = lower(?) and lower(v.area_code) = lower(?) and lower(v.period_label) = lower(?)
"""

_ROWS = """
select
    feed, file_sha256, count(*) as row_count, sum(quantity) as quantity,
    list(row_number order by row_number) as row_numbers
from read_parquet($lineage)
where month between $period_start and $period_end
    and list_contains(string_split(measure_codes, ', '), $measure_code)
    and list_contains(string_split(area_codes, ', '), $area_code)
group by feed, file_sha256
"""

_RANGES = """
with numbered as (
    select feed, file_sha256, row_count, unnest(row_numbers) as row_number, generate_subscripts(row_numbers, 1) as n
    from traced
), runs as (
    select feed, file_sha256, row_count, min(row_number) as first_row, max(row_number) as last_row
    from numbered
    group by feed, file_sha256, row_count, row_number - n
)
select runs.feed, coalesce(d.file_name, 'not in deliveries'), runs.file_sha256, runs.row_count,
    string_agg(
        case when first_row = last_row then first_row::varchar else first_row || '-' || last_row end, ', '
        order by first_row
    )
from runs
left join (
    select agency || '/' || feed as feed, file_sha256, min(file_name) as file_name
    from deliveries
    where status in ('accepted', 'partly_accepted')
    group by all
) as d using (feed, file_sha256)
group by all
order by 2, 1
"""


def trace(folder: DataFolder, indicator_code: str, area_code: str, period_label: str) -> Trace:
    """Return the figure that the current release publishes, and the rows it was counted from.

    Args:
        folder: the data folder.
        indicator_code: e.g. `OD-BURGLARY`.
        area_code: e.g. `E07000133`.
        period_label: as published, e.g. `2021/22`, `2021/22 Q1`, `2021-04`, `12 months to 2021-12`.

    Raises:
        TraceError: no such figure, or the release has no lineage file.
    """
    release = current_release(folder)
    if release is None:
        raise TraceError("nothing has been published yet: run `csp nightly` first")
    with duckdb.connect(str(release.path / "indicators.duckdb"), read_only=True) as connection:
        found = connection.execute(_FIGURE, [indicator_code, area_code, period_label])
        names = [column[0] for column in found.description or []]
        rows = found.fetchall()
        if not rows:
            raise TraceError(_no_such_figure(connection, indicator_code, area_code, period_label))
        figure = dict(zip(names, rows[0], strict=True))
        lineage = folder.lineage / f"{release.release_id}.parquet"
        if not lineage.exists():
            raise TraceError(f"{lineage} is missing: the rows behind release {release.release_id} cannot be shown")
        parameters = {name: figure[name] for name in ("period_start", "period_end", "measure_code", "area_code")}
        try:
            connection.execute(f"create temp table traced as {_ROWS}", {**parameters, "lineage": str(lineage)})
            contributions = [Contribution(*row) for row in connection.execute(_RANGES).fetchall()]
            counted = connection.execute("select coalesce(sum(quantity), 0) from traced").fetchall()[0][0]
        except duckdb.Error as error:
            raise TraceError(f"{lineage} cannot be read: {error}. `csp verify` says whether it was changed") from error
    published = figure.pop("counted")
    if published is not None and abs(published - counted) > 1e-6:
        raise TraceError(
            f"the release counts {published:g} and its lineage {counted:g}: run `csp verify`, do not use it"
        )
    del figure["area_code"]
    return Trace(release_id=release.release_id, **figure, contributions=contributions)


def _no_such_figure(
    connection: duckdb.DuckDBPyConnection, indicator_code: str, area_code: str, period_label: str
) -> str:
    """Say which of the three names the release does not know, with some that it does."""
    for column, given, listed in (
        ("indicator_code", indicator_code, "indicator codes"),
        ("area_code", area_code, "areas"),
        ("period_label", period_label, "periods"),
    ):
        known = connection.execute(
            f"select distinct {column} from indicator_values "
            f"order by jaro_winkler_similarity(lower({column}), lower(?)) desc, 1 limit 5",
            [given],
        ).fetchall()
        if given.lower() not in {str(name).lower() for (name,) in known}:
            return f"no {column} {given!r} in this release; the nearest {listed}: " + ", ".join(
                str(name) for (name,) in known
            )
    return (
        f"this release has no {indicator_code} for {area_code} in {period_label}: the indicator is not computed for "
        "that kind of area or period (see allowed_area_levels in the table `indicators`), or no supplier's deliveries "
        "cover the area (see docs/feeds.md)"
    )

"""The rows of deliveries behind the parts of a figure, file by file."""

from collections.abc import Sequence

import duckdb

from orchestration.releases.trace.model import Contribution, Part
from sources.ledger.receipts import Receipt

# A feed counted by period can send windows that overlap: of those, the figure takes what ends with it.
_ROWS = """
create or replace temp table traced as
with deliveries_known as (
    select unnest($feeds) as feed, unnest($digests) as file_sha256, unnest($names) as file_name,
        unnest($period_ends)::date as period_end
),
parts as (
    select unnest($parts) as part, unnest($measures) as measure_code,
        unnest($starts)::date as period_start, unnest($ends)::date as period_end
),
area_rows as (
    from read_parquet($counted_rows)
    where month between (select min(period_start) from parts) and (select max(period_end) from parts)
        and list_contains(string_split(area_codes, ', '), $area_code)
)
select part, feed, file_sha256, coalesce(file_name, 'not in the ledger') as file_name, row_number,
    sum(quantity)::double as quantity
from area_rows
join parts
    on list_contains(string_split(measure_codes, ', '), measure_code)
    and month between parts.period_start and parts.period_end
left join deliveries_known using (feed, file_sha256)
where counted_by = 'month' or deliveries_known.period_end <= parts.period_end
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


def counted(
    connection: duckdb.DuckDBPyConnection,
    counted_rows: Sequence[str],
    area_code: str,
    parts: list[Part],
    receipts: Sequence[Receipt],
) -> list[Part]:
    """Return the parts with the rows of an area that were counted for each.

    `counted_rows` are files of the lineage. Of `receipts`, those of the ledger, come the names of files, which no
    release tells.
    """
    if not parts:
        return []
    taken = {(one.source_feed, one.file_sha256): one for one in receipts if one.was_accepted}
    connection.execute(
        _ROWS,
        {
            "parts": [part.name for part in parts],
            "measures": [part.measure_code for part in parts],
            "starts": [part.period_start for part in parts],
            "ends": [part.period_end for part in parts],
            "counted_rows": counted_rows,
            "area_code": area_code,
            "feeds": [feed for feed, _ in taken],
            "digests": [digest for _, digest in taken],
            "names": [one.file_name for one in taken.values()],
            "period_ends": [one.period_end for one in taken.values()],
        },
    )
    found: dict[str, list[Contribution]] = {part.name: [] for part in parts}
    for name, *rest in connection.execute(_CONTRIBUTIONS).fetchall():
        found[name].append(Contribution(*rest))
    return [Part(**{**vars(part), "contributions": found[part.name]}) for part in parts]

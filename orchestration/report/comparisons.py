"""What an indicator's page shows of comparisons: its peers, funnels, and the time between events."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from orchestration.report import comparison_charts, comparison_sentences
from orchestration.report.charts import Specification, marked
from orchestration.report.drawings import Drawings
from orchestration.report.tables import Row


def of_indicator(parts: Mapping[str, list[Row]], drawings: Drawings, indicator: Row, area: str) -> dict[str, Any]:
    """Return the peers, funnels and times between events of an indicator in an area, each with chart and sentence.

    `parts` are its rows of `peers`, `coverage`, `funnels` and `waits`.
    """
    waits = parts["waits"]
    return {
        "peers": [
            _peers(drawings, list(rows), indicator, area)
            for _, rows in groupby(parts["peers"], key=itemgetter("peer_group_id"))
        ],
        "not_compared": [{**row, "sentence": comparison_sentences.of_coverage(row)} for row in parts["coverage"]],
        "funnels": [
            _funnel(drawings, list(rows), indicator, area)
            for _, rows in groupby(parts["funnels"], key=itemgetter("funnel_group_id", "area_level"))
        ],
        "waits": {
            "rows": waits,
            "sentence": comparison_sentences.of_waits(waits),
            "chart": _drawn(drawings, comparison_charts.waits(waits), waits),
        }
        if waits
        else None,
    }


def _peers(drawings: Drawings, rows: list[Row], indicator: Row, own: str) -> Row:
    return {
        "title": rows[0]["peer_group_title"],
        "period_label": rows[0]["period_label"],
        "rows": rows,
        "sentence": comparison_sentences.of_peers(rows, own, indicator["decimals"]),
        "chart": _drawn(drawings, comparison_charts.peers(rows, indicator["unit"], own), rows),
    }


def _funnel(drawings: Drawings, rows: list[Row], indicator: Row, own: str) -> Row:
    base = indicator["denominator"] or "of how many"
    return {
        "title": rows[0]["funnel_group_title"],
        "period_label": rows[0]["period_label"],
        "base": base,
        "rows": sorted(rows, key=lambda row: -row["z_score"]),
        "sentence": comparison_sentences.of_funnel(rows, own, indicator["decimals"]),
        "chart": _drawn(drawings, comparison_charts.funnel(rows, indicator["unit"], base, own), rows),
    }


def _drawn(drawings: Drawings, specification: Specification, rows: Iterable[Row]) -> str:
    return drawings.draw(marked(specification, rows))

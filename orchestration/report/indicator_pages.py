"""The pages of indicators: each table is read once for all of them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from orchestration.report import charts, comparisons, maps
from orchestration.report.drawings import Drawings
from orchestration.report.sentences import of_months, of_periods
from orchestration.report.tables import Row, Tables, made, repeated_notes

Parts = dict[str, list[Row]]
"""The rows that the page of one indicator shows, by part of the page."""


def indicator_pages(
    tables: Tables, drawings: Drawings, indicators: Sequence[Row]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the page of each indicator: its longest series, months, peers, other areas, where it is named."""
    read = _read(tables, [indicator["indicator_code"] for indicator in indicators])
    for indicator in indicators:
        code = indicator["indicator_code"]
        parts = {part: rows.get(code, []) for part, rows in read.items()}
        yield f"indicator-{code}", "indicator.html", _page(parts, drawings, indicator)


def _read(tables: Tables, codes: Sequence[str]) -> dict[str, dict[str, list[Row]]]:
    """Return by part the rows of each indicator that has any."""
    areas = tables.of_each_indicator("indicator_area", indicators=codes)
    series = {"indicators": list(areas), "areas": [rows[0]["area_code"] for rows in areas.values()]}
    years, months = (tables.of_each_indicator(f"indicator_{periods}", **series) for periods in ("years", "months"))
    last = {
        code: latest_with_figure(years.get(code, []), months.get(code, []))
        for code in areas
        if code in years or code in months
    }
    # Where the area has no figure at all, others may have.
    without = [code for code, row in last.items() if row["value"] is None]
    elsewhere = tables.of_each_indicator("indicator_latest", indicators=without)
    of_others = {code: elsewhere.get(code, [row])[0] for code, row in last.items()}
    latest = {
        "indicators": list(of_others),
        "areas": [areas[code][0]["area_code"] for code in of_others],
        "period_types": [row["period_type"] for row in of_others.values()],
        "period_labels": [row["period_label"] for row in of_others.values()],
    }
    return {
        "area": areas,
        "years": years,
        "months": months,
        "of_others": {code: [row] for code, row in of_others.items()},
        "plans": tables.of_each_indicator("indicator_plans"),
        "breaks": tables.of_each_indicator("series_breaks"),
        **{part: tables.of_each_indicator(f"indicator_{part}", **latest) for part in ("wards", "parts")},
        **{part: tables.of_each_indicator(f"indicator_{part}", **series) for part in ("waits", "funnels")},
        **{part: tables.of_each_indicator(f"indicator_{part}") for part in ("peers", "coverage")},
    }


def _page(parts: Parts, drawings: Drawings, indicator: Row) -> dict[str, Any]:
    unit, decimals = indicator["unit"], indicator["decimals"]
    years, months = parts["years"], parts["months"]
    shown: dict[str, Any] = {
        "plans": parts["plans"],
        "breaks": parts["breaks"],
        "chart": None,
        "months_chart": None,
    }
    if not years and not months:
        return {**shown, "area": None, "indicator": {**indicator, **made([])}}
    area = parts["area"][0]
    if any(row["value"] is not None for row in years):
        shown["chart"] = _drawn(drawings, charts.years(years, unit), years)
    if any(row["value"] is not None for row in months):
        shown["months_chart"] = _drawn(drawings, charts.control(months, unit), months)
        shown["months_sentence"] = of_months(months, decimals)
    ward_map, not_on_the_map = maps.drawn(area["area_code"], parts["wards"])
    return {
        **shown,
        "area": area,
        "years": years,
        "months": months,
        "sentence": of_periods(years, decimals),
        "last": latest_with_figure(years, months),
        "of_others": parts["of_others"][0],
        "wards": parts["wards"],
        "parts": parts["parts"],
        "notes": repeated_notes(parts["parts"]),
        "map": _drawn(drawings, ward_map, parts["wards"]) if ward_map else None,
        "not_on_the_map": not_on_the_map,
        **comparisons.of_indicator(parts, drawings, indicator, area["area_code"]),
        "indicator": {**indicator, **made([*years, *months])},
    }


def latest_with_figure(years: list[Row], months: list[Row]) -> Row:
    """Return the latest whole period that has a figure, else the latest month that has one, else the latest of any."""
    with_value = ([row for row in rows if row["value"] is not None] for rows in (years, months))
    return next(filter(None, (*with_value, years, months)))[-1]


def _drawn(drawings: Drawings, specification: charts.Specification, rows: Iterable[Row]) -> str:
    return drawings.draw(charts.marked(specification, rows))

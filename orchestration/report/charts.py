"""Charts as Vega-Lite specifications."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

WIDTH = 620
HEIGHT = 260
INK, QUIET, ACCENT, SIGNAL = "#0b0c0c", "#505a5f", "#1d70b8", "#942514"
SYNTHETIC = "#7a4b00"

Specification = dict[str, Any]

_LINES = (
    ("This year", "actual_to_date"),
    ("Way to the target", "profiled_target_to_date"),
    ("Year of the baseline", "baseline_to_date"),
)

_STYLE = {
    "font": "Arial, Liberation Sans, Helvetica, sans-serif",
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "gridColor": "#e5e6e7",
        "domainColor": QUIET,
        "tickColor": QUIET,
    },
    "legend": {"labelFontSize": 13, "orient": "top", "title": None, "symbolSize": 110, "labelLimit": 300},
}


def trajectory(rows: Sequence[Mapping[str, Any]], unit: str) -> Specification:
    """Return a target's course: what was counted to date, its profile, the year before, and where it is heading.

    `rows` are the months of one target in `target_vs_baseline`, in their order.
    """
    names = [name for name, _ in _LINES]
    values = [
        {"month": f"{row['as_at']:%b %y}", "line": name, "value": row[column]}
        for row in rows
        for name, column in _LINES
        if row[column] is not None
    ]
    last = rows[-1]
    months = [f"{end:%b %y}" for end in last["month_ends"]]
    x = {"field": "month", "type": "ordinal", "title": None, "scale": {"domain": months}, "axis": {"labelAngle": 0}}
    y = {"field": "value", "type": "quantitative", "title": f"{unit}, to date"}
    by_line = {"field": "line", "type": "nominal"}
    layers: list[Specification] = [
        {
            "data": {"values": values},
            "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 40, "filled": True}},
            "encoding": {
                "x": x,
                "y": y,
                "color": {**by_line, "scale": {"domain": names, "range": [ACCENT, INK, QUIET]}},
                "strokeDash": {**by_line, "scale": {"domain": names, "range": [[1, 0], [8, 4], [2, 3]]}},
                "shape": {**by_line, "scale": {"domain": names, "range": ["circle", "square", "triangle-up"]}},
            },
        }
    ]
    if last["target_value"] is not None:
        layers.append(
            {
                "data": {"values": [{"value": last["target_value"], "month": months[0]}]},
                "encoding": {"y": y},
                "layer": [
                    {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.5}},
                    {
                        "mark": {
                            "type": "text",
                            "text": "Target of the year",
                            "dy": -8,
                            "align": "left",
                            "fontSize": 13,
                        },
                        "encoding": {"x": x},
                    },
                ],
            }
        )
    if last["projected_lower_95"] is not None and last["months_elapsed"] < len(months):
        expected = {
            "month": months[-1],
            "value": last["projected_outturn"],
            "low": last["projected_lower_95"],
            "high": last["projected_upper_95"],
        }
        projected = {"values": [expected]}
        layers += [
            {
                "data": projected,
                "mark": {"type": "errorbar", "ticks": True, "color": ACCENT, "thickness": 2},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "data": projected,
                "mark": {
                    "type": "point",
                    "size": 70,
                    "color": ACCENT,
                    "fill": "#ffffff",
                    "strokeWidth": 2,
                    "opacity": 1,
                },
                "encoding": {"x": x, "y": y},
            },
        ]
    return chart(layers)


def years(rows: Sequence[Mapping[str, Any]], unit: str) -> Specification:
    """Return the figures of years with their 95% intervals; the line ends where the series breaks.

    A hollow mark is not comparable with the year before.
    """
    shown = [
        {
            "period": row["period_label"],
            "value": row["value"],
            "low": row["lower_95"],
            "high": row["upper_95"],
            "series": str(row["series_start"]),
            "kind": "comparable" if row["comparable"] else "not comparable with the year before",
        }
        for row in rows
        if row["value"] is not None
    ]
    x = {
        "field": "period",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelAngle": -45 if len(rows) > 9 else 0},
        "scale": {"domain": [row["period_label"] for row in rows]},
    }
    y = {"field": "value", "type": "quantitative", "title": unit}
    layers: list[Specification] = [
        {
            "mark": {"type": "line", "color": ACCENT, "strokeWidth": 2},
            "encoding": {"x": x, "y": y, "detail": {"field": "series"}},
        },
        {
            "mark": {"type": "point", "size": 70, "color": ACCENT, "strokeWidth": 2, "opacity": 1},
            "encoding": {
                "x": x,
                "y": y,
                "fill": {
                    "condition": {"test": "datum.kind == 'comparable'", "value": ACCENT},
                    "value": "#ffffff",
                },
            },
        },
    ]
    breaks = [one for one in shown if one["kind"] != "comparable"]
    if breaks:
        layers.insert(
            0,
            {
                "data": {"values": breaks},
                "mark": {"type": "rule", "color": INK, "strokeDash": [2, 3], "strokeWidth": 1.5, "xOffset": 0},
                "encoding": {"x": {**x, "bandPosition": 0}},
            },
        )
    if any(one["low"] is not None for one in shown):
        bounds = {"y": {"field": "low", "type": "quantitative", "title": unit}, "y2": {"field": "high"}}
        layers.insert(0, {"mark": {"type": "rule", "color": QUIET, "strokeWidth": 2}, "encoding": {"x": x, **bounds}})
    return {**chart(layers), "data": {"values": shown}}


def control(rows: Sequence[Mapping[str, Any]], unit: str) -> Specification:
    """Return the figures of months as one line, with mean and limits where `control_charts` has them.

    A month without a figure is a gap; a month that is more than noise is a diamond.
    """
    values = [
        {
            "month": str(row["period_start"]),
            "value": row["value"],
            "centre": row["centre_line"],
            "low": row["lower_limit"],
            "high": row["upper_limit"],
            "baseline": str(row["baseline_start"]),
            "kind": "signal" if row["is_signal"] else "month",
        }
        for row in rows
    ]
    x, title = _months("month"), {"type": "quantitative", "title": unit}
    line = {"type": "line", "invalid": "break-paths-show-domains"}
    signals = {"test": "datum.kind == 'signal'"}
    layers: list[Specification] = [
        {
            "mark": {**line, "color": colour, "strokeDash": dash, "strokeWidth": 1.5},
            "encoding": {"x": x, "y": {**title, "field": field}, "detail": {"field": "baseline", "type": "nominal"}},
        }
        for field, colour, dash in (("centre", QUIET, [1, 0]), ("low", INK, [6, 3]), ("high", INK, [6, 3]))
        if any(value[field] is not None for value in values)
    ]
    value = {**title, "field": "value"}
    layers += [
        {"mark": {**line, "color": ACCENT, "strokeWidth": 1.5}, "encoding": {"x": x, "y": value}},
        {
            "transform": [{"filter": "datum.value != null"}],
            "mark": {"type": "point", "filled": True, "opacity": 1},
            "encoding": {
                "x": x,
                "y": value,
                "shape": {"condition": {**signals, "value": "diamond"}, "value": "circle"},
                "size": {"condition": {**signals, "value": 90}, "value": 22},
                "color": {"condition": {**signals, "value": SIGNAL}, "value": ACCENT},
            },
        },
    ]
    return {**chart(layers), "data": {"values": values}}


def marked(specification: Specification, rows: Iterable[Mapping[str, Any]]) -> Specification:
    """Return a chart that says so in itself where any of its rows is made up: a picture is copied without its page."""
    if not any(row.get("is_synthetic") for row in rows):
        return specification
    banner = {"text": "Synthetic sample: describes nobody", "anchor": "start", "fontSize": 13, "color": SYNTHETIC}
    return {**specification, "title": {**banner, "fontWeight": "bold", "offset": 8}}


def _months(field: str) -> Specification:
    return {
        "field": field,
        "type": "temporal",
        "title": None,
        "axis": {"format": "%b %y", "labelOverlap": True, "tickCount": 8},
    }


def chart(layers: Iterable[Specification]) -> Specification:
    """Return a specification of layers in the style of the report."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "config": _STYLE,
        "layer": list(layers),
    }

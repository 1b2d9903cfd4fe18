"""Charts of an area beside others, and of the time between events, as Vega-Lite specifications."""

from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.report.charts import ACCENT, INK, QUIET, SIGNAL, Specification, chart

Rows = Sequence[Mapping[str, Any]]

OTHER = "#b1b4b6"


def peers(rows: Rows, unit: str, own_area: str) -> Specification:
    """Return bars of one period for an area and its peers, the highest first."""
    values = [
        {"area": row["area_name"], "value": row["value"], "own": row["area_code"] == own_area}
        for row in rows
        if row["value"] is not None
    ]
    layer = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "y": {"field": "area", "type": "nominal", "sort": "-x", "title": None, "axis": {"labelLimit": 220}},
            "x": {"field": "value", "type": "quantitative", "title": unit},
            "color": {"condition": {"test": "datum.own", "value": ACCENT}, "value": OTHER},
        },
    }
    return {**chart([layer]), "height": {"step": 26}}


def funnel(rows: Rows, unit: str, base: str, own_area: str) -> Specification:
    """Return the areas of a funnel by what their figures are of, with centre and limits through their sizes.

    An area beyond a limit is a diamond with its name, and so is named the area of the page.
    """
    values = [
        {
            "size": row["denominator"],
            "value": row["value"],
            "centre": row["centre_line"],
            **{limit: row[limit] for limit in ("lower_95", "upper_95", "lower_998", "upper_998")},
            "kind": "beyond" if row["position"] != "inside" else "own" if row["area_code"] == own_area else "other",
            "name": row["area_name"] if row["position"] != "inside" or row["area_code"] == own_area else "",
        }
        for row in rows
    ]
    middle = (values[0]["size"] + values[-1]["size"]) / 2
    x: Specification = {"field": "size", "type": "quantitative", "title": base, "scale": {"zero": False, "padding": 24}}
    x["axis"] = {"tickCount": 5, "labelOverlap": True}
    y = {"type": "quantitative", "title": unit, "scale": {"zero": False}}
    beyond, own = {"test": "datum.kind == 'beyond'"}, {"test": "datum.kind == 'own'"}
    lines = [("centre", QUIET, [1, 0])]
    lines += [(f"{side}_{limit}", INK, dash) for limit, dash in (("95", [6, 3]), ("998", [2, 2])) for side in _SIDES]
    layers: list[Specification] = [
        {
            "mark": {
                "type": "line",
                "interpolate": "monotone",
                "color": colour,
                "strokeDash": dash,
                "strokeWidth": 1.5,
            },
            "encoding": {"x": x, "y": {**y, "field": field}},
        }
        for field, colour, dash in lines
    ]
    layers.append(
        {
            "mark": {"type": "point", "filled": True, "opacity": 1},
            "encoding": {
                "x": x,
                "y": {**y, "field": "value"},
                "shape": {"condition": {**beyond, "value": "diamond"}, "value": "circle"},
                "size": {"condition": {**beyond, "value": 110}, "value": 60},
                "color": {"condition": [{**beyond, "value": SIGNAL}, {**own, "value": ACCENT}], "value": QUIET},
            },
        }
    )
    layers += [
        {
            "transform": [{"filter": f"datum.name != '' && datum.size {side} {middle}"}],
            "mark": {"type": "text", "align": align, "dx": shift, "fontSize": 13, "color": INK},
            "encoding": {"x": x, "y": {**y, "field": "value"}, "text": {"field": "name"}},
        }
        for side, align, shift in (("<=", "left", 8), (">", "right", -8))
    ]
    return {**chart(layers), "data": {"values": values}}


def waits(rows: Rows) -> Specification:
    """Return how many months every so many events took, one wait after the other, with median and limits.

    A wait that is more than noise is a diamond.
    """
    values = [
        {
            "wait": row["wait_number"],
            "months": row["months_waited"],
            "centre": row["centre_line"],
            "low": row["lower_limit"] or None,
            "high": row["upper_limit"],
            "baseline": str(row["baseline_start"]),
            "kind": "signal" if row["is_signal"] else "wait",
        }
        for row in rows
    ]
    ends = [f"{row['period_start']:%b %y}" for row in rows]
    x = {
        "field": "wait",
        "type": "ordinal",
        "title": "month in which it ended",
        "axis": {"labelExpr": f"{ends}[datum.value - {rows[0]['wait_number']}]", "labelAngle": 0, "labelOverlap": True},
    }
    y = {"type": "quantitative", "title": "months"}
    signals = {"test": "datum.kind == 'signal'"}
    line = {"type": "line", "strokeWidth": 1.5}
    layers: list[Specification] = [
        {
            "mark": {**line, "color": colour, "strokeDash": dash, "invalid": "break-paths-show-domains"},
            "encoding": {"x": x, "y": {**y, "field": field}, "detail": {"field": "baseline", "type": "nominal"}},
        }
        for field, colour, dash in (("centre", QUIET, [1, 0]), ("low", INK, [6, 3]), ("high", INK, [6, 3]))
        if any(value[field] is not None for value in values)
    ]
    layers += [
        {"mark": {**line, "color": ACCENT}, "encoding": {"x": x, "y": {**y, "field": "months"}}},
        {
            "mark": {"type": "point", "filled": True, "opacity": 1},
            "encoding": {
                "x": x,
                "y": {**y, "field": "months"},
                "shape": {"condition": {**signals, "value": "diamond"}, "value": "circle"},
                "size": {"condition": {**signals, "value": 90}, "value": 40},
                "color": {"condition": {**signals, "value": SIGNAL}, "value": ACCENT},
            },
        },
    ]
    return {**chart(layers), "data": {"values": values}}


_SIDES = ("lower", "upper")

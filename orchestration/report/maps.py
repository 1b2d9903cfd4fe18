"""Maps of the wards of one district; geometry is a reference file, and what it does not hold is listed, not guessed."""

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from orchestration.provenance import DBT_PROJECT_DIR
from orchestration.report.charts import INK, Specification, chart
from orchestration.report.tables import Row

BOUNDARIES = DBT_PROJECT_DIR / "reference" / "boundaries"
_NO_FIGURE = "#ffffff"


@cache
def boundaries(district: str) -> dict[str, Any] | None:
    """Return the wards of a district as TopoJSON; None where there is no file of it."""
    file = BOUNDARIES / f"wards_{district}.topo.json"
    return json.loads(file.read_bytes()) if file.exists() else None


def drawn(district: str, rows: Sequence[Row], outlined: Collection[str] = ()) -> tuple[Specification | None, list[Row]]:
    """Return a map of the wards' figures, None where none can be drawn, and the rows that it cannot show.

    The wards of the codes `outlined` have a thick line around them.
    """
    topology = boundaries(district)
    if topology is None:
        return None, list(rows)
    known = {geometry["id"] for geometry in topology["objects"][district]["geometries"]}
    placed = [row for row in rows if row["area_code"] in known]
    left_out = [row for row in rows if row["area_code"] not in known]
    if not any(row["value"] is not None for row in placed):
        return None, list(rows)
    figures = [{"code": row["area_code"], "value": row["value"]} for row in placed]
    layer = {
        "data": {"values": topology, "format": {"type": "topojson", "feature": district}},
        "transform": [{"lookup": "id", "from": {"data": {"values": figures}, "key": "code", "fields": ["value"]}}],
        "mark": {"type": "geoshape", "stroke": "#505a5f", "strokeWidth": 0.7, "invalid": None},
        "encoding": {
            "color": {
                "condition": {"test": "datum.value == null", "value": _NO_FIGURE},
                "field": "value",
                "type": "quantitative",
                "scale": {"type": "quantize", "scheme": "blues", "zero": True},
                "legend": {"orient": "right", "direction": "vertical"},
            }
        },
    }
    layers = [layer]
    if outlined:
        layers.append(
            {
                "data": layer["data"],
                "transform": [{"filter": {"field": "id", "oneOf": sorted(outlined)}}],
                "mark": {"type": "geoshape", "filled": False, "stroke": INK, "strokeWidth": 3, "aria": False},
            }
        )
    return {**chart(layers), "width": 460, "height": 360, "projection": {"type": "mercator"}}, left_out

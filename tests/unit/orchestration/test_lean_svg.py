"""A lean drawing shows and says what Vega's did, in fewer bytes."""

import re
from xml.etree import ElementTree

import pytest
import vl_convert

from orchestration.report.charts import chart
from orchestration.report.drawings import VEGA_LITE
from orchestration.report.lean_svg import SVG, lean

CHART = {
    **chart(
        [
            {
                "mark": {"type": "line", "point": {"size": 40, "filled": True}},
                "encoding": {
                    "x": {"field": "month", "type": "ordinal"},
                    "y": {"field": "value", "type": "quantitative"},
                    "color": {"field": "value", "type": "quantitative"},
                },
            }
        ]
    ),
    "data": {"values": [{"month": f"M{number}", "value": number * 1.37} for number in range(12)]},
}


@pytest.fixture(scope="module")
def drawn() -> str:
    return str(vl_convert.vegalite_to_svg(CHART, vl_version=VEGA_LITE))


def said(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [label for mark in root.iter() if (label := mark.get("aria-label"))] + [
        "".join(text.itertext()) for text in root.iter(f"{{{SVG}}}text")
    ]


def test_every_label_and_text_is_still_there_in_half_the_bytes(drawn: str) -> None:
    assert len(said(drawn)) > 20
    assert said(lean(drawn)) == said(drawn)
    assert len(lean(drawn)) < 0.6 * len(drawn)


def test_marks_stand_where_they_stood_to_a_twentieth_of_a_pixel(drawn: str) -> None:
    def places(svg: str) -> list[float]:
        marks = re.findall(r"<[^>]*graphics-symbol[^>]*>", svg)
        moved = [re.search(r"translate\(([^,]+),([^)]+)\)", mark) for mark in marks]
        return [float(number) for place in moved if place for number in place.groups()]

    before = [place for place in places(drawn) if place]
    after = [place for place in places(lean(drawn)) if place]
    assert len(before) > 20
    assert after == pytest.approx(before, abs=0.0501)


def test_colours_that_run_into_each_other_are_left_alone() -> None:
    gradient = (
        '<defs><linearGradient id="a" x1="0" x2="0" y1="0.125" y2="0"><stop offset="0.25" /></linearGradient></defs>'
    )
    assert gradient in lean(f'<svg xmlns="{SVG}">{gradient}</svg>')


def test_an_outline_of_a_map_is_written_by_steps() -> None:
    outline = "M10,20L10.04,20.51L9.5,20.51L9.5,20Z"
    svg = f'<svg xmlns="{SVG}"><path d="{outline}M1,2L3,4Z"/></svg>'
    assert 'd="m10,20 0,.5-.5,0 0-.5zm-9-18 2,2z"' in lean(svg)


def test_a_group_has_once_what_all_its_marks_have() -> None:
    marks = '<path d="M0,0h1" fill="red" stroke="blue"/><path d="M0,0h2" fill="red"/>'
    svg = f'<svg xmlns="{SVG}"><g>{marks}</g><rect fill="white"/></svg>'
    assert '<g fill="red"><path d="M0,0h1" stroke="blue" /><path d="M0,0h2" /></g><rect fill="white" />' in lean(svg)


def test_what_draws_nothing_is_gone() -> None:
    nothing = '<g><path d=""/><path d="M0,0h5" display="none"/></g>'
    assert lean(f'<svg xmlns="{SVG}">{nothing}<g aria-label="kept"/></svg>').count("<g") == 1

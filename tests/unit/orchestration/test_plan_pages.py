"""The sentence that answers which neighbourhood moves differently, and the map's thick lines."""

from datetime import date
from typing import Any

from orchestration.report.maps import boundaries, drawn
from orchestration.report.plan_pages import moved_differently


def answer(name: str, tested: int, what_differs: str | None = None) -> dict[str, Any]:
    return {
        "neighbourhood_name": name,
        "period_end": date(2008, 10, 31),
        "tested": tested,
        "differing": 1 if what_differs else 0,
        "what_differs": what_differs,
    }


def test_no_neighbourhood_moves_differently_is_an_answer() -> None:
    assert moved_differently([answer("Egerton Ward", 30), answer("Fairmead Estate", 30)]) == (
        "In the twelve months to 31 October 2008 no neighbourhood moved differently from the rest of the area, beyond "
        "chance. Of 60 comparisons about 3 would differ by chance alone."
    )


def test_what_moves_differently_is_named_with_what_chance_explains() -> None:
    assert moved_differently([answer("Egerton Ward", 20, "Criminal damage"), answer("Fairmead Estate", 20)]) == (
        "In the twelve months to 31 October 2008 these moved differently from the rest of the area: Egerton Ward "
        "(Criminal damage). Of 40 comparisons about 2 would differ by chance alone."
    )


def test_without_twelve_months_nothing_is_said() -> None:
    assert moved_differently([]) == "No twelve months are complete yet."


def test_a_map_draws_a_line_around_the_wards_of_a_neighbourhood_alone() -> None:
    topology = boundaries("E07000133")
    assert topology is not None
    codes = [geometry["id"] for geometry in topology["objects"]["E07000133"]["geometries"]]
    wards = [{"area_code": code, "value": at} for at, code in enumerate(codes)]
    plain, _ = drawn("E07000133", wards)
    marked, left_out = drawn("E07000133", wards, ["E05005503"])
    assert plain is not None
    assert marked is not None
    assert left_out == []
    assert len(marked["layer"]) == len(plain["layer"]) + 1
    assert marked["layer"][-1]["transform"] == [{"filter": {"field": "id", "oneOf": ["E05005503"]}}]

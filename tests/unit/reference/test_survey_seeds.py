"""The seeds of the surveys: which answers count, in which direction, and that every item reaches an indicator."""

from collections import defaultdict

import pytest

from tests.seeds import Row
from tests.seeds import seed_rows as seed


def indicators() -> dict[str, Row]:
    return {row["indicator_code"]: row for row in seed("indicator_catalogue")}


@pytest.mark.parametrize(
    ("code", "polarity", "scale", "counted"),
    [
        ("NI21", "higher_is_better", "agree", {"definitely agree", "tend to agree"}),
        # The plan's wording is the opposite: the measurement counts agreement that parents do.
        ("NI22", "higher_is_better", "agree", {"definitely agree", "tend to agree"}),
        # The official title is positive, the measurement negative.
        ("NI23", "lower_is_better", "problem", {"very big problem", "fairly big problem"}),
        ("NI27", "higher_is_better", "agree", {"definitely agree", "tend to agree"}),
        ("NI41", "lower_is_better", "problem", {"very big problem", "fairly big problem"}),
        ("NI42", "lower_is_better", "problem", {"very big problem", "fairly big problem"}),
        ("SPI4.2", "lower_is_better", "problem", {"very big problem", "fairly big problem"}),
        ("NI110", "higher_is_better", "yes_no", {"yes"}),
        ("NI24", "higher_is_better", "satisfied", {"very satisfied", "fairly satisfied"}),
    ],
)
def test_what_counts_and_which_way_is_better(code: str, polarity: str, scale: str, counted: set[str]) -> None:
    (item,) = [row for row in seed("survey_items") if row["item"] == code]
    answers = {
        row["meaning"] for row in seed("survey_answers") if row["scale"] == scale and row["is_top_answer"] == "true"
    }
    assert (item["counting_rule"], item["scale"]) == ("top_answers", scale)
    assert answers == counted
    assert indicators()[code]["polarity"] == polarity


def test_each_item_is_a_share_or_a_mean_of_the_same_respondents() -> None:
    """The base holds everyone with an answer, the numerator those of them who count, of the same group."""
    counted: dict[str, set[str]] = defaultdict(set)
    tags: dict[str, set[str]] = defaultdict(set)
    for row in seed("measure_categories"):
        counted[row["measure_code"]].add(row["category"])
        tags[row["measure_code"]].add(row["required_tag"])
    feeds = {item["source_feed"] for item in seed("survey_items")}
    reached = set()
    for row in indicators().values():
        if row["source_feed"] not in feeds or row["formula_kind"] == "gap":
            continue
        numerator, base = row["numerator_measure"], row["denominator_measure"]
        (category,) = counted[numerator]
        item, _, kind = category.rpartition(" ")
        reached.add(item)
        expected = {"yes": {f"{item} yes", f"{item} no"}, "score": {f"{item} answered"}}[kind]
        assert counted[base] == expected, row["indicator_code"]
        assert tags[numerator] == tags[base], row["indicator_code"]
        assert row["minimum_base"] == "30"
    assert reached == {item["item"] for item in seed("survey_items")}


def test_interviews_of_the_force_are_no_series_with_the_postal_survey() -> None:
    twins = {"SPI2.1": "NI27", "SPI2.2": "NI21", "SPI4.1": "NI17", "SPI4.2": "NI41"}
    by_code = indicators()
    for one, other in twins.items():
        assert by_code[one]["source_feed"] != by_code[other]["source_feed"]
        assert (by_code[one]["allowed_area_levels"], by_code[other]["allowed_area_levels"]) == ("force", "district")


def test_who_gave_no_answer_is_left_out_of_every_survey() -> None:
    excluded = {
        row["source_feed"] for row in seed("row_exclusions") if row["tag"] == "no_answer" and not row["category"]
    }
    assert excluded == {item["source_feed"] for item in seed("survey_items")}

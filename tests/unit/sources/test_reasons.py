"""Reasons: our sentence is told, what a sender wrote is kept apart, and of people nobody is told a number of rows."""

import re
from pathlib import Path
from string import Formatter

import pytest

from sources.reasons.reason import Reason, for_owner, published, reason, sentences_by_code

SOURCES = Path(__file__).parents[3] / "sources"


def test_what_was_sent_is_for_the_owner_alone() -> None:
    given = reason("sheet_missing", "It has 'Jane Doe'.", sheet="Crimes")
    assert given.published(of_people=False) == "The workbook has no sheet 'Crimes'. Name the sheet as agreed."
    assert published([given], of_people=True) == published([given], of_people=False)
    assert for_owner([given]) == ["The workbook has no sheet 'Crimes'. Name the sheet as agreed. It has 'Jane Doe'."]


def test_of_people_no_number_of_rows_is_told() -> None:
    given = reason("full_postcodes", column="Area", rows=7)
    assert given.published(of_people=False) == "Column 'Area' holds 7 full postcodes, and must hold none."
    assert given.published(of_people=True) == "Column 'Area' holds full postcodes, and must hold none."


@pytest.mark.parametrize("given", [("no_such_code", {}), ("sheet_missing", {}), ("sheet_missing", {"name": "x"})])
def test_an_unknown_code_or_name_is_a_mistake_where_it_is_made(given: tuple[str, dict[str, str]]) -> None:
    code, told = given
    with pytest.raises(KeyError):
        reason(code, **told)


def test_a_reason_reads_back_from_the_ledger() -> None:
    given = reason("sheet_missing", "It has 'Jane Doe'.", sheet="Crimes")
    assert Reason.from_ledger({"code": given.code, "told": given.told, "as_sent": given.as_sent}) == given


def test_an_older_receipt_has_its_reasons_in_words_and_they_are_not_published() -> None:
    old = Reason.from_ledger("The workbook has no sheet 'Crimes'; it has 'Jane Doe'.")
    assert old.for_owner() == "The workbook has no sheet 'Crimes'; it has 'Jane Doe'."
    assert "Jane" not in old.published(of_people=False)


def test_a_sentence_of_people_names_no_rows_and_every_sentence_can_be_told() -> None:
    for code, one in sentences_by_code().items():
        of_people = {name for _, name, _, _ in Formatter().parse(one.of_people) if name}
        assert not [name for name in of_people if name.startswith("rows")], code
        assert of_people <= {name for _, name, _, _ in Formatter().parse(one.sentence)}, code


def test_no_code_stands_twice() -> None:
    codes = re.findall(r"^(\w+):", (SOURCES / "reasons" / "reasons.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(codes) == len(set(codes))


def test_every_code_is_used() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in SOURCES.rglob("*.py"))
    made = {"size_fewer", "size_more", "size_fewer_advice", "size_more_advice"}  # of a kind and an ending
    named = set(re.findall(r'"([a-z_]+)"', source))
    assert sentences_by_code().keys() - made <= named

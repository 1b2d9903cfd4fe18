"""Which rules are judged before any file is: those with words of a contract's own, and every name."""

import pytest

from sources.contract.errors import Mistake
from sources.contract.rule_check import check_rules
from sources.contract.rules import RowRule


@pytest.mark.parametrize("name", ["order", "select", "left"])
def test_a_column_cannot_have_a_word_of_sqls_own_for_a_name(name: str) -> None:
    present = RowRule(f"{name}_present", name, "must not be blank.", f"{name} is not null")
    with pytest.raises(Mistake, match=f"rule {name}_present"):
        check_rules([present], {name: "string"})


@pytest.mark.parametrize("name", ["date", "year", "order_number", "number"])
def test_a_column_may_have_another_word_for_a_name(name: str) -> None:
    check_rules([RowRule(f"{name}_present", name, "must not be blank.", f"{name} is not null")], {name: "string"})


@pytest.mark.parametrize(
    ("predicate", "kind"),
    [("crimes >= 0", "date"), ("crimes >= 0 and offences > 0", "integer"), ("crimes >= 0 -- x", "integer")],
)
def test_a_bound_is_judged_unless_it_is_a_number_of_a_column_of_numbers(predicate: str, kind: str) -> None:
    with pytest.raises(Mistake):
        check_rules([RowRule("crimes_minimum", "crimes", "must be at least 0.", predicate)], {"crimes": kind})


def test_a_bound_of_numbers_is_ours() -> None:
    check_rules([RowRule("crimes_minimum", "crimes", "must be at least 0.", "crimes >= 0")], {"crimes": "integer"})

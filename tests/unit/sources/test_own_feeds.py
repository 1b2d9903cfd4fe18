"""A feed of a partnership's own: what its contract must say about how its rows count."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from sources.contract import load
from sources.contract.load import ContractError, contracts_with
from sources.folder.data_folder import DataFolder
from sources.intake.suppliers_to_come import unknown_suppliers
from sources.ledger import counting
from sources.ledger.counting import counts, is_of_unknown_supplier
from sources.ledger.for_models import write_for_models
from sources.ledger.receipts import Ledger
from sources.partnership.folder import PartnershipFolder
from tests.unit.sources.test_ledger import FACTS
from tests.warehouse.golden_data_folder import GOLDEN

OWN = GOLDEN / "own_feed" / "partnership" / "contracts"
VISITS, GRAFFITI = "fire/safety_visits", "council/graffiti"


@pytest.fixture
def partnership(tmp_path: Path) -> PartnershipFolder:
    shutil.copytree(OWN, tmp_path / "partnership" / "contracts")
    return PartnershipFolder(tmp_path / "partnership")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(DataFolder(tmp_path / "data"))


def changed(partnership: PartnershipFolder, feed: str, old: str, new: str) -> None:
    """Change a text of the feed's contract."""
    file = partnership.root / "contracts" / f"{feed}.odcs.yaml"
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
    load._load_once.cache_clear()


def test_the_models_are_told_how_its_rows_count(partnership: PartnershipFolder, tmp_path: Path) -> None:
    contracts = contracts_with(partnership)
    write_for_models(DataFolder(tmp_path), contracts, date(2009, 6, 30))
    lines = (tmp_path / "ledger" / "for_models" / "own_feeds.jsonl").read_text().splitlines()
    told = {line["source_feed"]: line for line in map(json.loads, lines)}
    graffiti, visits = told[GRAFFITI], told[VISITS]
    assert (visits["source_feed"], visits["counted_by"], visits["area_levels"]) == (
        VISITS,
        "month",
        ["fire_service", "district"],
    )
    assert (visits["categories"], visits["category_of_all"]) == (["Home visit", "School talk"], None)
    assert (visits["date_column"], visits["district_column"]) == ("visit_date", "district")
    assert (graffiti["categories"], graffiti["category_of_all"], graffiti["category_column"]) == (
        ["every row"],
        "every row",
        None,
    )


def test_a_delivery_counts_though_no_list_of_the_product_names_its_feed(
    partnership: PartnershipFolder, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a supplier whose area nobody knows is told, and the as-at date follows the feed."""
    (partnership.root / "partnership.yaml").write_text("name: Ours")
    monkeypatch.setenv("CSP_PARTNERSHIP", str(partnership.root))
    counting._counted_feeds.cache_clear()
    of_feed = {**FACTS, "agency": "fire", "feed": "safety_visits"}
    known, unknown = (ledger.append_receipt(**{**of_feed, "supplier": name}) for name in ("leicestershire", "nowhere"))
    found = [(counts(one), is_of_unknown_supplier(one)) for one in (known, unknown)]
    counting._counted_feeds.cache_clear()
    assert found == [(True, False), (False, True)]


def test_a_supplier_whose_area_nobody_has_said_is_named(partnership: PartnershipFolder) -> None:
    visits = contracts_with(partnership)[VISITS]
    assert list(unknown_suppliers([visits], [("fire", "leicestershire")])) == []
    (told,) = unknown_suppliers([visits], [("council", "leicestershire")])
    assert told.startswith("fire/safety_visits: its supplier 'leicestershire' is not in catalogue/suppliers.csv")


@pytest.mark.parametrize(
    ("feed", "old", "new", "expected"),
    [
        (VISITS, "by: month", "by: day", r"countedAs\.by: is 'day'\. Write one of: month, period, wave"),
        (
            VISITS,
            "date: visit_date",
            "date: visit_day",
            r"countedAs\.date: is 'visit_day'\. Name a column .* visit_date",
        ),
        (VISITS, "date: visit_date", "date: homes", "logicalType is integer. Name a column of type date"),
        (VISITS, "category: purpose", "category: district", "is district, which may be blank"),
        (VISITS, "category: purpose", "kind: purpose", r"countedAs\.kind: is not known here\. Use one of: areaLevels"),
        (VISITS, "countsFor: homes", "countsFor: purpose", "logicalType is string. Name a column of type integer or"),
        (VISITS, "{district: district}", "{town: district}", r"countedAs\.place\.town: is not known here"),
        (VISITS, "{district: district}", "district", r"countedAs\.place: is 'district'\. Give a mapping"),
        (VISITS, "[fire_service, district]", "[region]", r"countedAs\.areaLevels: is 'region'\. Write one of: force"),
        (
            VISITS,
            "[fire_service, district]",
            "[ward]",
            "has ward, and no column tells it. Name one in place: lsoa or ward",
        ),
        (
            VISITS,
            "category: purpose",
            "category: purpose\n      categories: [a]",
            "purpose has a list of valid values too",
        ),
        (GRAFFITI, "by: period", "by: month", r"countedAs\.date: is missing, and a delivery is of 3 months"),
        (GRAFFITI, "by: period", "by: period\n      categories: [a]", "is given without a category"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(
    partnership: PartnershipFolder, feed: str, old: str, new: str, expected: str
) -> None:
    changed(partnership, feed, old, new)
    with pytest.raises(ContractError, match=expected):
        contracts_with(partnership)


def test_a_personal_column_counts_only_as_a_hash(partnership: PartnershipFolder) -> None:
    personal = "classification: personal\n        description: What the visit"
    changed(partnership, VISITS, "classification: not_personal\n        description: What the visit", personal)
    with pytest.raises(
        ContractError, match=r"category: is purpose, which is personal. Name another, or .*keyedHash: true"
    ):
        contracts_with(partnership)


def test_a_variant_of_it_has_the_columns_by_which_its_rows_count(partnership: PartnershipFolder) -> None:
    base = partnership.root / "contracts" / f"{GRAFFITI}.odcs.yaml"
    text = base.read_text()
    counted = text[text.index("  - property: countedAs") : text.index("schema:")]
    other = text.replace("id: council/graffiti", "id: council/graffiti.new").replace("-graffiti", "-tags")
    variant = base.with_name("graffiti.new.odcs.yaml")
    variant.write_text(other)
    with pytest.raises(ContractError, match=r"council/graffiti says it for all its forms. Take it out"):
        contracts_with(partnership)
    load._load_once.cache_clear()
    variant.write_text(other.replace(counted, "").replace("name: ward", "name: place"))
    with pytest.raises(ContractError, match=r"lacks ward, by which the rows of council/graffiti count. Add it"):
        contracts_with(partnership)
    load._load_once.cache_clear()
    variant.write_text(other.replace(counted, ""))
    assert [one.variant for one in contracts_with(partnership)[GRAFFITI].variants] == ["new"]


def test_a_form_of_a_shipped_feed_counts_as_the_product_says(partnership: PartnershipFolder) -> None:
    own = (partnership.root / "contracts" / f"{VISITS}.odcs.yaml").read_text()
    variant = partnership.root / "contracts" / "fire" / "incidents.visits.odcs.yaml"
    variant.write_text(own.replace(f"id: {VISITS}", "id: fire/incidents.visits"))
    with pytest.raises(ContractError, match=r"the product has a model for fire/incidents, .* Take the property out"):
        contracts_with(partnership)

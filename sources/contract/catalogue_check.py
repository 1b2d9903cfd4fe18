"""Holds a partnership's own rows against the contracts: feeds, categories, tags and area levels that they name.

A row of a category that its feed does not have counts nothing, and nobody would notice.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from sources.contract.categories import has_closed_list, known_categories
from sources.contract.model import Contract
from sources.folder.reference import seed_rows
from sources.partnership.read import Problem, Row
from sources.partnership.tables import NATIONAL

_MOST_LISTED = 12
_NEARLY_THE_SAME = 0.85
_SUPPLIERS = "suppliers.csv of the catalogue, or the national list of that name"
Contracts = Mapping[str, Contract]
Rows = Mapping[str, Sequence[Row]]


def catalogue_problems(rows: Rows, contracts: Contracts) -> Iterator[Problem]:
    """Return the mistakes in a folder's own rows that only contracts tell."""
    for name in ("measures", "measure_categories", "indicator_catalogue"):
        yield from _unknown_feeds(_own(rows[name]), contracts)
    yield from _unknown_categories(rows, contracts)
    yield from _unknown_tags(_own(rows["measure_categories"]), contracts)
    yield from _counts_of_people(_own(rows["measures"]), contracts)
    yield from _unknown_levels(_own(rows["indicator_catalogue"]), contracts)
    yield from _levels_that_tell_nothing_missing(_own(rows["indicator_catalogue"]))
    yield from _unknown_suppliers(rows)


def _own(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if NATIONAL not in row.file.parents]


def _unknown_feeds(rows: Sequence[Row], contracts: Contracts) -> Iterator[Problem]:
    for row in rows:
        feed = row.values["source_feed"]
        if feed is not None and feed not in contracts:
            yield _problem(row, "source_feed", str(feed), "is no feed.", list(contracts))


def _unknown_categories(rows: Rows, contracts: Contracts) -> Iterator[Problem]:
    listed = [row.values for row in rows["measure_categories"] if NATIONAL in row.file.parents]
    feeds = {row.values["measure_code"]: row.values["source_feed"] for row in rows["measures"]}
    for row in _own(rows["measure_categories"]):
        feed, category = row.values["source_feed"], str(row.values["category"])
        counted = feeds.get(row.values["measure_code"])
        if counted is not None and feed != counted:
            expected = f"is not the feed that measures.csv says for {row.values['measure_code']}: {counted}."
            yield Problem(row.file, row.line, "source_feed", str(feed), expected)
        contract = contracts.get(str(feed))
        known = known_categories(contract, listed) if contract else ()
        if contract is None or category in known:
            continue
        if has_closed_list(contract):
            yield _problem(row, "category", category, f"is no category of {feed}.", known)
        elif get_close_matches(category.casefold(), [one.casefold() for one in known], n=1, cutoff=_NEARLY_THE_SAME):
            yield _problem(row, "category", category, f"is no category of {feed} that is known, and nearly one.", known)


def _unknown_tags(rows: Sequence[Row], contracts: Contracts) -> Iterator[Problem]:
    """Yield what is no tag of an own feed: a column of `tags`, a blank, and a value."""
    for row in rows:
        contract = contracts.get(str(row.values["source_feed"]))
        counted = contract.counted_as if contract else None
        for column in ("required_tag", "excluded_tag") if counted else ():
            tag = row.values[column]
            if counted and tag is not None and str(tag).partition(" ")[0] not in counted.tags:
                expected = "is no tag: write a column that countedAs has under tags, a blank and its value."
                yield _problem(row, column, str(tag), expected, [f"{name} …" for name in counted.tags])


def _counts_of_people(rows: Sequence[Row], contracts: Contracts) -> Iterator[Problem]:
    """Yield a measure of an own feed of people that would be published exactly."""
    shows_months = {
        row["disclosure_rule"] for row in seed_rows("disclosure", "disclosure_rules") if row["shows_months"] == "true"
    }
    hiding = [
        row["disclosure_rule"] for row in seed_rows("disclosure", "disclosure_rules") if row["shows_months"] != "true"
    ]
    for row in rows:
        contract = contracts.get(str(row.values["source_feed"]))
        rule = str(row.values["disclosure_rule"])
        if contract and contract.counted_as and contract.is_of_people and rule in shows_months:
            expected = (
                f"publishes exact counts, and the rows of {contract.key} are people. Write {' or '.join(hiding)}."
            )
            yield Problem(row.file, row.line, "disclosure_rule", rule, expected)


def _unknown_levels(rows: Sequence[Row], contracts: Contracts) -> Iterator[Problem]:
    """Yield an area level that an own feed does not count for: the indicator would have no figure there."""
    for row in rows:
        contract = contracts.get(str(row.values["source_feed"]))
        counted = contract.counted_as if contract else None
        for level in str(row.values["allowed_area_levels"] or "").split(";") if counted else ():
            if counted and level.strip() and level.strip() not in counted.area_levels:
                expected = f"is no level of area that the contract of {row.values['source_feed']} has in areaLevels."
                yield _problem(row, "allowed_area_levels", level.strip(), expected, counted.area_levels)


def _levels_that_tell_nothing_missing(rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield an indicator of wards and the like alone: they have no rows of a period of which nothing was delivered."""
    silent = {row["area_level"] for row in seed_rows("areas", "area_levels") if row["keeps_zeros"] != "true"}
    for row in rows:
        levels = str(row.values["allowed_area_levels"] or "")
        named = {level.strip() for level in levels.split(";") if level.strip()}
        if named and named <= silent:
            expected = (
                "has no row that says that nothing of a period was delivered. "
                "Name a larger level of area beside it, such as district."
            )
            yield Problem(row.file, row.line, "allowed_area_levels", levels, expected)


def _unknown_suppliers(rows: Rows) -> Iterator[Problem]:
    """Yield a supplier of a partner that nobody has said the area of: the partner's returns would not be found."""
    known = {(str(row.values["agency"]), str(row.values["supplier"])) for row in rows["suppliers"]}
    known |= {("police", row["supplier"]) for row in seed_rows("areas", "police_forces") if row["supplier"]}
    agencies = sorted({agency for agency, _ in known})
    for row in rows["plan_partners"]:
        agency = row.values["agency"]
        for supplier in str(row.values["suppliers"] or "").split(";"):
            if agency is None or not supplier.strip() or (str(agency), supplier.strip()) in known:
                continue
            if agency not in agencies:
                yield _problem(row, "agency", str(agency), "is no agency that has a supplier.", agencies)
                break
            of_agency = sorted(one for among, one in known if among == agency)
            expected = f"is no supplier of {agency} in {_SUPPLIERS}."
            yield _problem(row, "suppliers", supplier.strip(), expected, of_agency)


def _problem(row: Row, column: str, value: str, expected: str, known: Sequence[str]) -> Problem:
    folded = {one.casefold(): one for one in known}
    near = get_close_matches(value.casefold(), list(folded), n=1)
    if near:
        expected += f" Did you mean {folded[near[0]]}?"
    elif len(known) <= _MOST_LISTED:
        expected += f" Known are {', '.join(known)}." if known else ""
    return Problem(row.file, row.line, column, value, expected)

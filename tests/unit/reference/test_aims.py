"""Each aim of a plan is spoken for: by an indicator, or by a row that says that none does."""

from tests.seeds import seed_rows

Aim = tuple[str, str, str]


def spoken_for() -> dict[Aim, set[str]]:
    """Return, for each aim, how indicators speak to it; a proposal for an aim measures it."""
    found: dict[Aim, set[str]] = {}
    for row in seed_rows("plan_aim_links"):
        found.setdefault((row["plan_id"], row["priority_code"], row["aim_number"]), set()).add(row["how_it_speaks"])
    for row in seed_rows("plan_indicator_links"):
        if row["aim_number"]:
            key = (row["plan_id"], row["priority_code"], row["aim_number"])
            found.setdefault(key, set()).add("measures")
    return found


def aims() -> set[Aim]:
    """Return the aims of every plan."""
    return {
        (row["plan_id"], row["priority_code"], row["statement_number"])
        for row in seed_rows("plan_statements")
        if row["kind"] == "aim"
    }


def test_every_aim_is_spoken_for_and_no_other() -> None:
    assert set(spoken_for()) == aims()
    assert len([aim for aim in aims() if aim[0] == "MASCP-2008-11"]) == 28


def test_nothing_else_speaks_to_what_nothing_measures() -> None:
    assert [aim for aim, how in spoken_for().items() if "nothing" in how and how != {"nothing"}] == []


def test_a_link_is_stated_once() -> None:
    """A proposal that names an aim needs no second row."""
    stated = [
        (row["plan_id"], row["priority_code"], row["aim_number"], row["indicator_code"])
        for name in ("plan_aim_links", "plan_indicator_links")
        for row in seed_rows(name)
        if row["aim_number"] and row["indicator_code"]
    ]
    assert len(stated) == len(set(stated))


def test_a_domestic_crime_is_detected_and_charged_as_it_is_flagged() -> None:
    """The shares' numerators count the offences and times of their base, each with its tag."""
    rows = [
        (row["measure_code"], row["required_tag"], row["category"], row["valid_from"], row["valid_to"])
        for row in seed_rows("measure_categories")
    ]
    base = {row[2:] for row in rows if row[:2] == ("domestic_flagged_crime", "domestic")}
    for kind in ("detected", "charged"):
        assert {row[2:] for row in rows if row[:2] == (f"domestic_flagged_crime_{kind}", f"domestic_{kind}")} == base

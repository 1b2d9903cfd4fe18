"""Figures worked out by hand: small extracts and the figures that they must give, both readable in a spreadsheet.

Each folder of `tests/golden` holds `landing/`, as agencies would fill it, and `expected.csv`; `partnership/` has what a
partnership adds in its own folder. All of them are taken in by the real intake into one data folder and built by the
real dbt. Counts are small: what is compared is what the partners see.
"""

from collections.abc import Iterator

import pytest

from sources.folder.data_folder import DataFolder
from sources.partnership.for_models import write_partnership
from tests.seeds import extended_partnership, rows_of, seed_rows
from tests.warehouse.golden_data_folder import CASES, GOLDEN
from tests.warehouse.warehouse import Warehouse

FIGURES = ("numerator", "denominator", "value", "lower_95", "upper_95")


def expectations() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every line of every expected.csv with its case."""
    for case in CASES:
        yield from ((case, line) for line in rows_of(GOLDEN / case / "expected.csv"))


@pytest.mark.parametrize(
    ("case", "line"),
    [
        pytest.param(case, line, id=f"{case}: {line['indicator_code']} {line['area_code']} {line['period_label']}")
        for case, line in expectations()
    ],
)
def test_a_figure_is_as_worked_out_by_hand(golden: Warehouse, case: str, line: dict[str, str]) -> None:
    found = golden.query(
        f"""select {", ".join(FIGURES)} from marts.indicator_values
        where indicator_code = '{line["indicator_code"]}' and area_code = '{line["area_code"]}'
            and period_label = '{line["period_label"]}'"""
    )
    assert len(found) == 1, f"{case}: {len(found)} figures"
    given = {figure: float(line[figure]) for figure in FIGURES if line[figure]}
    assert given, f"{case}: the line checks nothing"
    assert {figure: float(found[figure].iloc[0]) for figure in given} == pytest.approx(given, abs=6e-5), line["why"]


@pytest.mark.parametrize(
    ("code", "label", "measure", "note"),
    [
        (
            "NI19",
            "2010",
            "yot_cohort",
            "missing: cohort not yet followed for 12 months and 3 more for the outcomes in 2010-01, 2010-02, 2010-03",
        ),
        (
            "NI30",
            "2009/10",
            "priority_convictions_before",
            "missing: cohort whose 12 months after are not over in 2009-04",
        ),
    ],
)
def test_a_cohort_that_is_not_followed_up_has_no_figure_yet(
    golden: Warehouse, code: str, label: str, measure: str, note: str
) -> None:
    """Nor is it zero, nor without a word; who entered or was listed counts at once."""
    found = golden.query(
        f"""select distinct coalesce(numerator, value) is null as is_empty, is_complete, note
        from marts.indicator_values
        where indicator_code = '{code}' and period_label = '{label}'"""
    )
    assert found.to_dict("records") == [{"is_empty": True, "is_complete": False, "note": note}]
    kept = golden.query(f"select month from intermediate.int_measures__monthly where measure_code = '{measure}'")
    assert not set(kept["month"].astype(str).str[:7]) & set(note.split(" in ")[1].split(", "))


def test_crimes_of_a_month_are_looked_at_at_equal_ages(golden: Warehouse) -> None:
    """April: c3 is charged at once, c2 closed and charged in June, c5 closed in May, c1 dropped in May, c4 open.

    May: c6 is resolved in June, of c7 nobody knows. Of an age whose last month nobody delivered nothing is said.
    """
    found = golden.table("crime_outcomes_by_age", "area_code = 'E07000133' and crime_type = 'all crime'")
    found["crime_month"] = found["crime_month"].astype(str).str[:7]
    columns = ["crimes", "charged", "unsolved", "decided_otherwise", "still_open", "open_at_download"]
    by_age = found.set_index(["crime_month", "months_after"])[columns]
    assert {age: tuple(int(one) for one in row) for age, row in zip(by_age.index, by_age.to_numpy(), strict=True)} == {
        ("2011-04", 0): (5, 1, 1, 0, 3, 2),
        ("2011-04", 1): (5, 1, 2, 1, 1, 2),
        ("2011-04", 3): (5, 2, 1, 1, 1, 2),
        ("2011-05", 0): (2, 0, 0, 0, 2, 2),
        ("2011-05", 1): (2, 0, 0, 1, 1, 2),
    }
    assert set(found["status"]) == {"final"}
    burglaries = golden.table("crime_outcomes_by_age", "area_level = 'force' and crime_type = 'Burglary'")
    assert burglaries["crimes"].tolist() == [3, 3, 3, 1, 1]


# One indicator of each kind that the golden files can compute, to be copied under a new code.
TEMPLATES = {
    "count": "NI40",
    "percentage": "NI195A",
    "weighted_percentage": "NI41",
    "ratio": "NI19",
    "mean_score": "LOC-WORRY-SCORE",
    "percentage_difference": "NI18",
    "standardised_rate": "NI39",
    "gap": "NI25-GAP-SEX",
    "sum": "LOC-ASB-COMPLAINTS",
}


@pytest.fixture(scope="module")
def with_new_rows(golden: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The golden warehouse of a partnership with rows of its own: an indicator of every kind, and a measure."""
    root = tmp_path_factory.mktemp("new_rows")
    by_code = {row["indicator_code"]: row for row in seed_rows("indicator_catalogue")}
    added = {
        "indicator_catalogue": [
            *({**by_code[template], "indicator_code": f"NEW-{kind}"} for kind, template in TEMPLATES.items()),
            {**by_code["LOC-ASB-CASES"], "indicator_code": "NEW-measure", "numerator_measure": "cases_anew"},
        ]
    }
    for name in ("indicator_gaps", "indicator_sums"):
        added[name] = [
            {**row, "indicator_code": f"NEW-{kind}"}
            for row in seed_rows(name)
            for kind, template in TEMPLATES.items()
            if row["indicator_code"] == template
        ]
    for name in ("measures", "measure_categories"):
        rows = [row for row in seed_rows(name) if row["measure_code"] == "asb_cases"]
        added[name] = [{**row, "measure_code": "cases_anew"} for row in rows]
    with_rows = golden.copy_to(root / "data")
    write_partnership(DataFolder(with_rows.folder), extended_partnership(root, added))
    return with_rows.build_by_the_sql_of(golden)


@pytest.mark.parametrize(("code", "template"), [*TEMPLATES.items(), ("measure", "LOC-ASB-CASES")])
def test_a_new_indicator_of_a_known_kind_is_rows_of_the_partnerships_folder(
    with_new_rows: Warehouse, code: str, template: str
) -> None:
    """It is published for the same areas and periods, with the same figures, as the one that it copies."""
    figures = "area_code, period_label, numerator, denominator, value, lower_95, upper_95, is_suppressed"
    copied, new = (
        with_new_rows.query(
            f"select {figures} from marts.indicator_values where indicator_code = '{name}' order by all"
        )
        for name in (template, f"NEW-{code}")
    )
    assert copied["value"].notna().any() or copied["is_suppressed"].any()
    assert new.equals(copied)


def test_every_case_expects_something() -> None:
    assert {case for case, _ in expectations()} == set(CASES)

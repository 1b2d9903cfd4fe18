"""A figure leads to the rows of each of its parts, under the names that people use."""

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.cli.trace_text import told
from orchestration.releases import LineageError
from orchestration.releases.trace.figure import trace
from orchestration.releases.trace.model import Trace
from orchestration.releases.trace.names import TraceError
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger
from tests.unit.sources.test_ledger import FACTS

RELEASE = "2009-03-31.1"
MANIFEST = {
    **{"release_id": RELEASE, "as_at": "2009-03-31", "created_at": "", "input_fingerprint": "", "tables": {}},
    **{"git_commit": "a1b2c3", "lineage": {f"lineage/{RELEASE}/counted_rows.parquet": {"sha256": ""}}},
}
TABLES = """
create table indicators (indicator_code text, title text, definition text, formula_kind text, numerator_measure text,
    denominator text, denominator_measure text, availability text, availability_reason text);
insert into indicators values
    ('NI17', 'NI 17 Perceptions', 'Weighted.', 'weighted_percentage', 'yes', null, 'answered', 'computed', null),
    ('NI18', 'NI 18 Rates', 'A rate.', 'rate', 'yes', 'population', null, 'computed', null),
    ('NI26', 'NI 26 Support', 'None.', null, null, null, null, 'not_collected', 'it was put off'),
    ('NI27', 'NI 27 Views', 'None.', null, null, null, null, 'no data', null),
    ('NI39', 'NI 39 Admissions', 'Rate.', 'standardised_rate', 'all_ages', 'population', null, 'computed', null),
    ('NI47', 'NI 47 Casualties', 'Change.', 'rolling_average_change', 'yes', null, null, 'computed', null),
    ('WOMEN', 'Feels safe, women', 'Share.', 'percentage', 'women', null, 'answered', 'computed', null),
    ('MEN', 'Feels safe', 'Share.', 'percentage', 'yes', null, 'answered', 'computed', null),
    ('GAP', 'Gap', 'Women less men.', 'gap', null, null, null, 'computed', null),
    ('PEOPLE', 'People treated', 'In twelve months.', 'count', 'treated', null, null, 'computed', null);
alter table indicators add column source_feed text default 'a/survey';
create table indicator_values (indicator_code text, area_code text, area_name text, area_level text, period_start date,
    period_end date, period_label text, value double, unit text, numerator double, denominator double,
    is_suppressed boolean, rounded_to integer, note text);
insert into indicator_values
select code, area, name, level, '2008-04-01', '2009-03-31', '2008/09', value, 'units', top, base, false, null, null
from (values
    ('NI17', 'E07', 'Melton', 'district', 50, 2.5, 5), ('NI17', 'E05', 'Melton Craven', 'ward', 50, 2.5, 5),
    ('NI18', 'E07', 'Melton', 'district', 1, 2.5, 1000), ('NI39', 'E07', 'Melton', 'district', 1, 3, 1000),
    ('NI47', 'E07', 'Melton', 'district', 25, 2.5, 2), ('WOMEN', 'E07', 'Melton', 'district', 20, 1, 5),
    ('MEN', 'E07', 'Melton', 'district', 50, 2.5, 5), ('GAP', 'E07', 'Melton', 'district', -30, null, null),
    ('PEOPLE', 'E07', 'Melton', 'district', 2, 2, null)
) as figures(code, area, name, level, value, top, base);
create table areas as select distinct area_code, area_name from indicator_values;
insert into areas values ('E06', 'Elton');
"""
FILES = {
    ("a", "survey", "aa"): ("survey.csv", "2009-03-31"),
    ("pct", "drug_treatment", "bb"): ("year.csv", "2009-03-31"),
    ("pct", "drug_treatment", "cc"): ("later.csv", "2009-06-30"),
}
LINEAGE = {
    "counted_rows": """
select feed, sha256 as file_sha256, row_number, month::date as month, measures as measure_codes, areas as area_codes,
    quantity, case when feed = 'pct/drug_treatment' then 'period' else 'month' end as counted_by
from (values
    ('a/survey', 'aa', 2, '2008-04-01', 'yes, answered', 'E07, E05', 1.5),
    ('a/survey', 'aa', 3, '2008-04-01', 'yes, answered, women', 'E07, E05, E07', 1.0),
    ('a/survey', 'aa', 5, '2009-03-01', 'answered', 'E07, E05', 2.5),
    ('a/survey', 'aa', 6, '2009-04-01', 'answered', 'E07, E05', 9.0),
    ('a/survey', 'aa', 7, '2007-04-01', 'yes', 'E07', 3.0),
    ('a/survey', 'aa', 8, '2006-05-01', 'yes', 'E07', 2.0),
    ('a/survey', 'aa', 9, '2005-05-01', 'yes', 'E07', 1.0),
    ('a/survey', 'aa', 10, '2008-05-01', 'all_ages, all_ages_0', 'E07', 1.0),
    ('a/survey', 'aa', 11, '2008-05-01', 'all_ages, all_ages_9', 'E07', 2.0),
    ('pct/drug_treatment', 'bb', 2, '2008-04-01', 'treated', 'E07', 1.0),
    ('pct/drug_treatment', 'bb', 3, '2008-04-01', 'treated', 'E07', 1.0),
    ('pct/drug_treatment', 'cc', 2, '2008-07-01', 'treated', 'E07', 1.0)
) as rows(feed, sha256, row_number, month, measures, areas, quantity)
""",
    "indicator_components": """
from (values ('GAP', 1, 'WOMEN'), ('GAP', 2, 'MEN'), ('SUM', 1, 'WOMEN'))
    as components(indicator_code, component_number, component_indicator)
""",
    "age_group_weights": """
from (values ('all_ages', '5-9', 'all_ages_9', 'European', 7000), ('all_ages', '0-4', 'all_ages_0', 'European', 8000))
    as weights(measure_code, age_group, part_measure_code, standard_population, weight)
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    release = made.releases / RELEASE
    for directory in (release, made.lineage / RELEASE, made.published):
        directory.mkdir(parents=True)
    with duckdb.connect(str(release / "indicators.duckdb")) as connection:
        connection.execute(TABLES)
        for table, rows in LINEAGE.items():
            connection.execute(f"copy ({rows}) to '{made.lineage / RELEASE / table}.parquet'")
    (release / "manifest.json").write_text(json.dumps(MANIFEST))
    made.current_release.symlink_to(release)
    for (agency, feed, digest), (name, period_end) in FILES.items():
        told = {"agency": agency, "feed": feed, "file_sha256": digest, "file_name": name, "period_end": period_end}
        Ledger(made).append_receipt(**{**FACTS, **told})
    return made


def said(found: Trace, folder: DataFolder, part: str | None = None, rows: bool | None = None) -> str:
    return "\n".join(told(found, folder, part, rows))


def change(folder: DataFolder, sql: str) -> None:
    with duckdb.connect(str(folder.releases / RELEASE / "indicators.duckdb")) as connection:
        connection.execute(sql)


def test_a_survey_shows_the_rows_of_both_parts(folder: DataFolder) -> None:
    found = trace(folder, "NI17", "E07", "2008/09")
    assert [(part.name, part.counted, part.row_count) for part in found.parts] == [
        ("numerator", 2.5, 2),
        ("denominator", 5, 3),
    ]
    assert [part.contributions[0].row_numbers for part in found.parts] == ["2-3", "2-3, 5"]
    text = said(found, folder)
    assert "numerator 2.5 from 2 rows of 1 file" in text
    assert "denominator 5 from 3 rows of 1 file" in text
    only = said(found, folder, part="denominator", rows=False)
    assert "rows of a/survey/survey.csv" in only
    assert "2.5 from 2 rows of a/survey" not in only
    assert "header" not in only


def test_the_row_numbers_of_a_long_list_are_shown_when_asked_for(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.cli.trace_text.ROWS_SHOWN", 4)
    found = trace(folder, "NI17", "E07", "2008/09")
    assert "`--rows` adds the numbers of 5 rows" in said(found, folder)
    assert "first of the file being row 1: 2-3, 5" not in said(found, folder)
    assert "first of the file being row 1: 2-3, 5" in said(found, folder, rows=True)
    assert "first of the file being row 1: 2-3" in said(found, folder, part="numerator")


def test_rows_of_a_workbook_are_those_of_its_sheet(folder: DataFolder) -> None:
    contract = load_contracts()["pct/drug_treatment"]
    name = contract.file_name_example.replace(".csv", ".xlsx")
    sent = {"agency": "pct", "feed": "drug_treatment", "file_sha256": "bb", "file_name": name}
    Ledger(folder).append_receipt(**{**FACTS, **sent, "period_end": "2009-03-31"})
    in_words = said(trace(folder, "PEOPLE", "E07", "2008/09"), folder)
    assert f"rows of the sheet {contract.sheet!r}, as the workbook numbers them: 2-3" in in_words


@pytest.mark.parametrize("column", ["numerator", "denominator"])
def test_a_part_that_the_lineage_does_not_give_is_not_shown(folder: DataFolder, column: str) -> None:
    change(folder, f"update indicator_values set {column} = 99 where indicator_code = 'NI17'")
    with pytest.raises(TraceError, match=f"counts 99 as {column} and its lineage"):
        trace(folder, "NI17", "E07", "2008/09")


def test_an_estimate_has_no_rows(folder: DataFolder) -> None:
    found = trace(folder, "NI18", "E07", "2008/09")
    assert "denominator 1,000: population, an estimate" in said(found, folder)
    assert "no row of a delivery stands behind the denominator" in said(found, folder, part="denominator")


def test_an_average_shows_both_windows(folder: DataFolder) -> None:
    numerator, denominator = trace(folder, "NI47", "E07", "2008/09").parts
    assert (numerator.period_start, denominator.period_start, denominator.period_end) == (
        "2006-04-01",
        "2005-04-01",
        "2008-03-31",
    )
    assert (numerator.counted, denominator.counted) == (2.5, 2)


def test_a_standardised_rate_shows_its_age_groups_with_their_weights(folder: DataFolder) -> None:
    text = said(trace(folder, "NI39", "E07", "2008/09"), folder)
    assert "0-4: 1 from 1 rows, weight 8,000 of 15,000\n    5-9: 2 from 1 rows, weight 7,000" in text


def test_a_gap_shows_its_two_indicators(folder: DataFolder) -> None:
    text = said(trace(folder, "GAP", "E07", "2008/09"), folder)
    assert "value -30 units = WOMEN 20 - MEN 50" in text
    assert "numerator 1 from 1 rows" in text
    change(folder, "update indicator_values set value = 7 where indicator_code = 'GAP'")
    with pytest.raises(TraceError, match=r"says 7 and its components WOMEN, MEN give -30.*csp verify"):
        trace(folder, "GAP", "E07", "2008/09")


def test_a_release_without_what_explains_it_says_how_to_trace_it(folder: DataFolder) -> None:
    manifest = folder.releases / RELEASE / "manifest.json"
    manifest.write_text(json.dumps({**MANIFEST, "lineage": {"path": f"lineage/{RELEASE}.parquet", "sha256": ""}}))
    with pytest.raises(LineageError, match=r"trace it with the version that built it, git commit a1b2c3$"):
        trace(folder, "NI17", "E07", "2008/09")
    manifest.write_text(json.dumps(MANIFEST))
    (folder.lineage / RELEASE / "age_group_weights.parquet").unlink()
    with pytest.raises(LineageError, match=r"age_group_weights\.parquet is missing"):
        trace(folder, "NI17", "E07", "2008/09")


def test_of_windows_that_overlap_only_the_figures_own_counts(folder: DataFolder) -> None:
    (part,) = trace(folder, "PEOPLE", "E07", "2008/09").parts
    assert [file.file_name for file in part.contributions] == ["year.csv"]


def test_a_hidden_figure_says_so(folder: DataFolder) -> None:
    change(
        folder,
        "update indicator_values set is_suppressed = true, value = null, numerator = null, denominator = null, "
        "note = 'suppressed: few' where indicator_code = 'NI17'",
    )
    text = said(trace(folder, "NI17", "E07", "2008/09"), folder)
    assert "must not be passed on" in text
    assert "value" not in text


def test_a_rounded_figure_may_lie_half_a_step_from_its_rows(folder: DataFolder) -> None:
    rounded = "update indicator_values set rounded_to = 5, numerator = {} where indicator_code = 'PEOPLE'"
    change(folder, rounded.format(4.5))
    text = said(trace(folder, "PEOPLE", "E07", "2008/09"), folder)
    assert "numerator 2 from" in text
    assert "rounded counts; the exact ones that follow must not be passed on" in text
    change(folder, rounded.format(5))
    with pytest.raises(TraceError, match="counts 5 as numerator and its lineage 2"):
        trace(folder, "PEOPLE", "E07", "2008/09")


@pytest.mark.parametrize(
    "names",
    [
        ("NI 17", "Melton", "2008/09"),
        ("ni-17", "melton", " 2008/09"),
        ("perceptions", "e07", "2008"),
        ("NI17", "craven", "09"),
    ],
)
def test_names_are_those_that_people_use(folder: DataFolder, names: tuple[str, str, str]) -> None:
    assert trace(folder, *names).indicator_code == "NI17"


def test_a_whole_title_comes_before_titles_that_contain_it(folder: DataFolder) -> None:
    assert trace(folder, "feels safe", "Melton", "2008/09").indicator_code == "MEN"


@pytest.mark.parametrize(
    ("names", "said_of_them"),
    [
        (("NI", "Melton", "2008/09"), r"'NI' fits 4 indicators; give one of them:\n  NI17  NI 17 Perceptions\n"),
        (("NI17", "melt", "2008/09"), r"'melt' fits 2 areas with figures of NI17; .*\n  E05  Melton Craven  ward\n"),
        (("NI71", "Melton", "2008/09"), r"no indicator 'NI71' .*nearest: NI17 \(NI 17 Perceptions\)"),
        (("NI17", "Rutland", "2008/09"), r"no area 'Rutland' with figures of NI17"),
        (("NI17", "elton", "2008/09"), r"NI17 has no figure in Elton \(E06\): nothing of a/survey counts there"),
        (("NI17", "Melton", "2009/10"), r"no period '2009/10' of NI17 in E07 .*nearest: 2008/09"),
        (("ni 26", "Melton", "2008/09"), r"NI26 has no figure in this release: not collected \(it was put off\)"),
        (
            ("NI27", "Melton", "2008/09"),
            r"NI27 has no figure .*: nothing of a/survey counts for a month .* `csp doctor` names",
        ),
        (("NI17", "", "2008/09"), "no area ''"),
    ],
)
def test_a_name_that_fits_several_or_none_says_what_there_is(
    folder: DataFolder, names: tuple[str, str, str], said_of_them: str
) -> None:
    with pytest.raises(TraceError, match=said_of_them):
        trace(folder, *names)

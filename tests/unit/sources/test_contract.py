"""Contracts load into one type, and a mistake in one says where it is and what to do."""

import json
import re
from pathlib import Path

import jsonschema
import open_data_contract_standard as standard
import pytest
import yaml

from sources.contract.date_formats import in_order_of_trial, jdk_format, strptime_format
from sources.contract.load import CONTRACTS_FOLDER, Contract, ContractError, load_contract

STREET = (CONTRACTS_FOLDER / "police" / "street_crime.odcs.yaml").read_text()


SCOPE_WEEK = "\n        customProperties: [{property: scope, value: week}]"
MONTHLY = "value: 1, unit: month"
SCOPE_FILE = SCOPE_WEEK.replace("week", "file")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    assert STREET.count(old) >= 1, old
    file = tmp_path / "police" / "street_crime.odcs.yaml"
    file.parent.mkdir()
    file.write_text(STREET.replace(old, new, 1))
    return file


def test_street_crime(contract: Contract) -> None:
    assert contract.version == "1.3.0"
    assert (contract.cadence, contract.due_days, contract.slack_days) == ("monthly", 61, 14)
    assert contract.first_period == "2010-12-01"
    assert contract.licence == "Open Government Licence v3.0"
    assert [column.name for column in contract.columns][:2] == ["crime_id", "month"]
    assert not any(column.is_personal for column in contract.columns)
    assert contract.maximum_rejected_share == 0.05


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("apiVersion: v3.1.0", "apiVersion: v2.0.0", "apiVersion.*Write one of: v3.1.0"),
        ("id: police/street_crime", "id: police/streets", "id: is 'police/streets'"),
        ("logicalType: number", "logicalType: decimal", "longitude.logicalType.*Write one of"),
        ("[yyyy-MM, yyyy-MM-dd", "[yyyy-QQ, yyyy-MM-dd", "month.logicalTypeOptions.format.*QQ"),
        ("pattern: '[0-9a-f]{64}'", "pattern: '[0-9a-f{64}'", "rule crime_id_pattern.*DuckDB cannot judge it"),
        ("minimum: -9", "smallest: -9", "longitude.logicalTypeOptions.smallest.*Use one of"),
        ("minimum: -9", "minimum: low", "longitude.logicalTypeOptions.minimum.*Give"),
        ("month = {period_start}", "moth = {period_start}", "rule month_is_file_month.*moth"),
        ("month = {period_start}", "month == ", "rule month_is_file_month.*Correct its SQL"),
        ("month = {period_start}", "month", "rule month_is_file_month.*not true or false"),
        (
            "month = {period_start}",
            "(FROM (SELECT count(*) > 0 FROM glob('/*')))",
            "rule month_is_file_month.*cannot judge",
        ),
        ("engine: csp", "engine: soda", "month_is_file_month.*is no row rule"),
        ("month = {period_start}", f"month = {{period_start}}{SCOPE_FILE}", "month_is_file_month: judges each row and"),
        ("month = {period_start}", f"month > max(month){SCOPE_FILE}", "month_is_file_month: .*must appear in the"),
        ("month = {period_start}", f"moths(month) = 1{SCOPE_FILE}", "month_is_file_month: .*moths.*Write SQL over agg"),
        ("month = {period_start}", f"count(month){SCOPE_FILE}", "month_is_file_month: gives BIGINT, not true or false"),
        (
            "month = {period_start}",
            f"count(month) > 1{SCOPE_WEEK}",
            "customProperties: has the scope .week.*row, file",
        ),
        (
            "customProperties:\n  - property: fileName",
            "customProperties:\n  - {property: forbiddenColumns, value: [{name: lsoa_CODE, reason: none}]}\n"
            "  - property: fileName",
            "forbiddenColumns: names 'lsoa_CODE', a column of the schema",
        ),
        (
            "customProperties:\n  - property: fileName",
            "customProperties:\n  - {property: forbiddenColumns, value: [Surname]}\n  - property: fileName",
            "forbiddenColumns: is no list of name and reason",
        ),
        (
            "[Easting, Northing]",
            "[Easting, Surname]",
            "ignoredColumns: names 'Surname', which holds a person's name",
        ),
        (
            "physicalName: Context",
            "physicalName: Forename",
            "context.classification: is not_personal; 'Forename' holds",
        ),
        (
            "physicalName: Context",
            "physicalName: Context\n        customProperties: [{property: keyedHash, value: true}]",
            "context.keyedHash: is given for a column that is not personal text",
        ),
        (
            "physicalName: Context",
            "physicalName: Context\n        customProperties: [{property: neverFullPostcode, value: 1}]",
            "context.neverFullPostcode: is 1. Write true or false",
        ),
        ("metric: rowCount", "metric: freshness", "some_rows.*is no file rule"),
        ("metric: duplicateValues", "metric: missingValues", "crime_id_repeated.*missingValues"),
        ("name: coordinates_together", "name: force_is_file_force", "force_is_file_force.*twice"),
        ("(?P<period>", "(?P<when>", "fileNamePattern.*period"),
        ("(?P<period>", "(?P<period", "fileNamePattern.*no regular expression"),
        ("value: 2021-04-leicestershire-street.csv", "value: april.csv", "fileNameExample"),
        ("value: 0.05", "value: 5", "maximumRejectedShare.*between 0 and 1"),
        ("property: slackDays", "property: slack_days", "customProperties.slack_days: is not known here.*slackDays"),
        ("(?P<supplier>", "(?P<who>", r"supplier \(no named group of fileNamePattern\): is missing"),
        (
            "- {property: periodFormat",
            "- {property: supplier, value: kent}\n  - {property: periodFormat",
            "supplier: is given, and is in fileNamePattern too",
        ),
        (
            "value: yyyy-MM}",
            "value: yyyy}\n  - {property: periodNames, value: last_month}",
            "periodFormat has no month",
        ),
        ("property: periodFormat", "property: periodStartMonth, value: 13}\n  - {property: periodFormat", "1 to 12"),
        ("property: latency", "property: lateness", "slaProperties.latency"),
        (MONTHLY, MONTHLY.replace("1", "2"), "frequency: is 2 month. Write 1, 3, 4"),
        (MONTHLY, MONTHLY.replace("month", "year"), "frequency: is 1 year. Write 1, 3, 4 or 12"),
        ("    unit: d\n", "    unit: weeks\n", "slaProperties.latency.unit.*Write d"),
        ("classification: not_personal", "clasification: not_personal", "clasification.*spelling"),
        ("classification: not_personal", "classification: secret", "crime_id.classification"),
        ("encoding: utf-8", "encoding: ebcdic", "servers.encoding"),
        ("encoding: utf-8", 'encoding: utf-8\n    delimiter: ", "', "servers.delimiter"),
        ("name: reported_by", "name: month", "month appears twice"),
        ("name: reported_by", "name: row_number", "row_number.*no column name"),
        ("value: '2010-12-01'", "value: soon", "generalAvailability"),
        ("kind: DataContract", "kind: [", "cannot be read as YAML"),
    ],
)
def test_a_mistake_names_file_key_and_remedy(tmp_path: Path, old: str, new: str, expected: str) -> None:
    file = changed(tmp_path, old, new)
    with pytest.raises(ContractError, match=expected) as raised:
        load_contract(file)
    assert str(file) in str(raised.value)
    assert str(raised.value).rstrip().endswith(".")


PERIODS = [
    # months, start month, names, format, text, expected
    (12, None, None, "yyyy", "2009", ("2009-01-01", "2009-12-31")),
    (12, 4, None, "yyyy", "2011", ("2011-04-01", "2012-03-31")),
    (12, 4, None, "yyyy-MM", "2011-04", ("2011-04-01", "2012-03-31")),
    (12, 4, None, "yyyy-MM", "2011-05", None),
    (12, "any", "last_month", "MMMMyy", "june25", ("2024-07-01", "2025-06-30")),
    (12, 4, "last_month", "MMMMyy", "june25", None),
    (12, 4, "last_month", "MMMMyy", "March12", ("2011-04-01", "2012-03-31")),
    (12, None, None, "yy", "19", ("2019-01-01", "2019-12-31")),
    (3, None, None, "yyyy-MM", "2008-04", ("2008-04-01", "2008-06-30")),
    (3, None, None, "yyyy-MM", "2008-05", None),
    (3, 2, None, "yyyy-MM", "2008-11", ("2008-11-01", "2009-01-31")),
    (4, 4, None, "yyyy-MM", "2008-04", ("2008-04-01", "2008-07-31")),
    (4, 4, None, "yyyy-MM", "2008-12", ("2008-12-01", "2009-03-31")),
    (4, 4, None, "yyyy-MM", "2008-07", None),
    (4, 4, "last_month", "yyyy-MM", "2009-03", ("2008-12-01", "2009-03-31")),
    (1, None, None, "MMMM_yyyy", "july_2014", ("2014-07-01", "2014-07-31")),
    (1, None, None, "yyyy-MM", "2020-02", ("2020-02-01", "2020-02-29")),
]


@pytest.mark.parametrize(("months", "start", "names", "form", "text", "expected"), PERIODS)
def test_periods_of_every_cadence(
    tmp_path: Path,
    months: int,
    start: object,
    names: str | None,
    form: str,
    text: str,
    expected: tuple[str, str] | None,
) -> None:
    properties = [("periodFormat", form), ("periodStartMonth", start), ("periodNames", names)]
    written = [f"{{property: {name}, value: {value}}}" for name, value in properties if value is not None]
    file = changed(tmp_path, "{property: periodFormat, value: yyyy-MM}", "\n  - ".join(written))
    file.write_text(file.read_text().replace(MONTHLY, MONTHLY.replace("1", str(months)), 1))
    contract = load_contract(file)
    if expected is None:
        with pytest.raises(ValueError, match=f"no {contract.cadence} period starts"):
            contract.period(text)
    else:
        assert tuple(day.isoformat() for day in contract.period(text)) == expected


def test_every_contract_is_valid_under_the_schema_of_the_standard() -> None:
    schema = json.loads((Path(standard.__file__).with_name("schema.json")).read_text())
    validator = jsonschema.Draft201909Validator(schema)
    for file in CONTRACTS_FOLDER.rglob("*.yaml"):
        assert [error.message for error in validator.iter_errors(yaml.safe_load(file.read_text()))] == [], file


CONTEXT = "physicalName: Context"


def repeated(tmp_path: Path, repeats: str) -> Contract:
    """Return the contract with a column that repeats in place of the last."""
    text = STREET.replace("      - name: context\n", "      - name: context_{place}\n").replace(
        CONTEXT, f"physicalName: Context {{place}}\n        customProperties: [{{property: repeats, value: {repeats}}}]"
    )
    file = tmp_path / "police" / "street_crime.odcs.yaml"
    file.parent.mkdir()
    file.write_text(text)
    return load_contract(file)


@pytest.mark.parametrize(
    ("repeats", "names"),
    [
        ("{place: {from: 8, to: 10}}", ["context_8", "context_9", "context_10"]),
        ("[{place: a}, {place: 01}]", ["context_a", "context_1"]),
        ("[{place: a, other: 1}, {place: b, other: 2}]", ["context_a", "context_b"]),
    ],
)
def test_a_column_that_repeats_stands_once_for_each_line(tmp_path: Path, repeats: str, names: list[str]) -> None:
    columns = repeated(tmp_path, repeats).columns
    assert [column.name for column in columns[-len(names) :]] == names
    assert columns[-1].header == names[-1].replace("context_", "Context ")


def test_a_rule_that_repeats_judges_each_column(tmp_path: Path) -> None:
    old = "implementation: month = {period_start}"
    repeats = "customProperties: [{property: repeats, value: [{day: 1}, {day: 2}]}]"
    file = changed(tmp_path, old, f"implementation: day(month) = {{day}}\n        {repeats}")
    file.write_text(file.read_text().replace("name: month_is_file_month", "name: month_starts_on_{day}"))
    rules = {rule.name: rule.predicate for rule in load_contract(file).row_rules}
    assert rules["month_starts_on_1"] == "day(month) = 1"
    assert rules["month_starts_on_2"] == "day(month) = 2"


@pytest.mark.parametrize(
    ("repeats", "expected"),
    [
        ("3", "schema.properties.context_{place}.repeats: is 3. Give a list of mappings"),
        ("[a, b]", "is ['a', 'b']"),
        ("{place: {from: 8}}", "or one range"),
        ("{place: {from: a, to: 3}}", "or one range"),
        ("[{place: a}, {plaice: b}]", "has lines with other keys"),
        ("[{place: a}, {place: a}]", "context_a appears twice"),
    ],
)
def test_a_mistake_in_what_repeats_is_named(tmp_path: Path, repeats: str, expected: str) -> None:
    with pytest.raises(ContractError, match=re.escape(expected)):
        repeated(tmp_path, repeats)


def test_the_usual_date_form_is_tried_first_and_two_digits_before_four() -> None:
    listed = ["%Y-%m", "%d/%m/%Y", "%b-%Y", "%b-%y", "%d/%m/%y"]
    assert in_order_of_trial(listed) == ("%Y-%m", "%d/%m/%y", "%d/%m/%Y", "%b-%y", "%b-%Y")


def test_date_formats_are_those_of_contracts() -> None:
    assert strptime_format("dd/MM/yyyy HH:mm:ss") == "%d/%m/%Y %H:%M:%S"
    assert jdk_format("%d-%b-%y") == "dd-MMM-yy"
    with pytest.raises(ValueError, match="EEE"):
        strptime_format("EEE dd")

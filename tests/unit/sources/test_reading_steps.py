"""What a contract can say about how values are written: each step on small files made by hand."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from sources.contract.load import Contract, ContractError, load_contract
from sources.folder.data_folder import DataFolder
from sources.reasons.reason import for_owner

from .conftest import Drop

CONTRACT = """\
kind: DataContract
apiVersion: v3.1.0
id: council/cases
name: Cases
version: 1.0.0
status: active
description:
  purpose: Cases.
  customProperties:
    - property: licence
      value: none
team:
  name: Council
servers:
  - server: landing
    type: local
    path: landing/council/cases
    format: csv
    delimiter: "{delimiter}"
    encoding: {encoding}
slaProperties:
  - property: frequency
    value: 1
    unit: month
  - property: latency
    value: 30
    unit: d
  - property: generalAvailability
    value: "2000-01-01"
customProperties:
  - property: fileNamePattern
    value: '(?P<period>\\d{{4}}-\\d{{2}})-cases\\.csv'
  - property: fileNameExample
    value: 2008-04-cases.csv
  - property: supplier
    value: council
  - property: periodFormat
    value: yyyy-MM
  - property: maximumRejectedShare
    value: 1
  - property: slackDays
    value: 1
  - property: revisionWindowMonths
    value: 1
{document}
schema:
  - name: cases
    description: One row per case.
    properties:
      - name: reference
        physicalName: Ref
        logicalType: string
        required: true
        classification: not_personal
        description: Reference.
      - name: value
        physicalName: Value
        logicalType: {logical_type}
        required: false
        classification: not_personal
        description: Value.
{column}
"""


def contract(
    tmp_path: Path,
    logical_type: str = "string",
    column: str = "",
    document: str = "",
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> Contract:
    file = tmp_path / "council" / "cases.odcs.yaml"
    file.parent.mkdir(exist_ok=True)
    indented = "\n".join(" " * 8 + line for line in column.splitlines())
    file.write_text(
        CONTRACT.format(
            logical_type=logical_type, column=indented, document=document, delimiter=delimiter, encoding=encoding
        )
    )
    return load_contract(file)


def custom(**properties: str) -> str:
    lines = [f"  - property: {name}\n    value: {value}" for name, value in properties.items()]
    return "customProperties:\n" + "\n".join(lines)


def top(**properties: str) -> str:
    return "\n".join(f"  - property: {name}\n    value: {value}" for name, value in properties.items())


def read(
    tmp_path: Path, agreed: Contract, values: list[str], **options: str
) -> tuple[list[object], list[tuple[object, ...]]]:
    """Return the values accepted, and (row, rule, value) of those rejected."""
    drop = Drop(DataFolder(tmp_path / "data"), agreed)
    # Enough sound rows that what is broken is the row's fault and not the column's.
    rows = "".join(f"r{number}{agreed.delimiter}{value}\n" for number, value in enumerate(values))
    filler = "".join(f"f{number}{agreed.delimiter}{options.get('filler', '')}\n" for number in range(100))
    drop.take((f"Ref{agreed.delimiter}Value\n" + rows + filler).encode(agreed.encoding), "2008-04-cases.csv")
    accepted = drop.raw("value, row_number")[: -100 or None]
    rejected = drop.rejected("row_number, rule, value")
    return [value for value, _ in accepted], rejected


APRIL = date(2008, 4, 1)


@pytest.mark.parametrize(
    ("forms", "good", "bad"),
    [
        (
            "[dd/MM/yyyy, dd-MMM-yyyy, excel-serial]",
            {"01/04/2008": APRIL, "1/4/2008": APRIL, "01-Apr-2008": APRIL, "01-APR-2008": APRIL, "39539": APRIL},
            ["31/04/2008", "04/31/2008", "01/04/08", "01-Sept-2008", "2008-04-01", "395", "01.04.2008", "39539.5.1"],
        ),
        ("[dd/MM/yyyy]", {"01/04/2008": APRIL}, ["39539", "01-Apr-2008"]),
        ("[dd/MM/yyyy, dd/MM/yy]", {"01/04/2008": APRIL, "01/04/08": APRIL}, ["01/04/208"]),
        ("[excel-serial]", {"39539": APRIL, "39539.75": APRIL}, ["01/04/2008", "3953", "-39539"]),
    ],
)
def test_dates_in_agreed_forms(tmp_path: Path, forms: str, good: dict[str, date], bad: list[str]) -> None:
    agreed = contract(tmp_path, "date", custom(dateForms=forms))
    accepted, rejected = read(tmp_path, agreed, [*good, *bad], filler=next(iter(good)))
    assert accepted == list(good.values())
    assert rejected == [(len(good) + 2 + number, "value_date", value) for number, value in enumerate(bad)]


def test_an_impossible_date_is_rejected_with_the_forms_that_are_agreed(tmp_path: Path) -> None:
    agreed = contract(tmp_path, "date", custom(dateForms="[dd/MM/yyyy, dd-MMM-yyyy, excel-serial]"))
    rule = next(rule for rule in agreed.row_rules if rule.is_type)
    assert rule.expected == "Value must be a date written dd/MM/yyyy, dd-MMM-yyyy or as a spreadsheet's serial number."


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (custom(dateForms="[dd/MM/yyyy, MM/dd/yyyy]"), "read the same text as different dates. Agree on one"),
        (custom(dateForms="[dd/MM/yy, yy/MM/dd]"), "read the same text as different dates"),
        (custom(dateForms="[]"), r"dateForms: is \[\]. Give a list of texts"),
        (custom(dateForms="[dd/QQ/yyyy]"), "QQ"),
        (custom(dateForms="[dd/MM/yyyy]") + "\nlogicalTypeOptions:\n  format: dd/MM/yyyy", "Keep one of them"),
        (custom(dateFroms="[dd/MM/yyyy]"), "dateFroms: is not known here. Use one of: agreedText, dateForms"),
        ("", "format"),
    ],
)
def test_date_forms_that_leave_something_to_guess(tmp_path: Path, column: str, expected: str) -> None:
    with pytest.raises(ContractError, match=expected):
        contract(tmp_path, "date", column)


def test_a_date_joined_from_columns(tmp_path: Path) -> None:
    column = custom(joinedFrom="[Day, Month, Year]") + "\nlogicalTypeOptions:\n  format: dd MMMM yyyy"
    agreed = contract(tmp_path, "date", column)
    drop = Drop(DataFolder(tmp_path / "data"), agreed)
    lines = ["Year,Ref,Day,Month", "2008,a,1,April", "2008,b, 01 ,april", "2008,c,31,April", ",d,,", "2008,e,,April"]
    receipt = drop.take("\n".join(lines + [f"2008,x{n},2,May" for n in range(9)]).encode(), "2008-04-cases.csv")
    assert for_owner(receipt.warnings) == [
        "The columns are in another order than the contract's; they were read by name."
    ]
    assert drop.raw("reference, value")[:3] == [("a", APRIL), ("b", APRIL), ("d", None)]
    assert drop.rejected() == [(4, "value_date", "Value", "31 April 2008"), (6, "value_date", "Value", "April 2008")]


def test_a_missing_part_of_a_joined_column_is_named(tmp_path: Path) -> None:
    column = custom(joinedFrom="[Day, Month, Year]") + "\nlogicalTypeOptions:\n  format: dd MMMM yyyy"
    drop = Drop(DataFolder(tmp_path / "data"), contract(tmp_path, "date", column))
    receipt = drop.take(b"Ref,Day,Month\na,1,April\n", "2008-04-cases.csv")
    assert for_owner(receipt.reasons) == ["Missing column 'Year'. The header row reads: Ref, Day, Month."]


@pytest.mark.parametrize(
    ("logical_type", "column", "good", "bad"),
    [
        (
            "integer",
            custom(thousandsSeparator="','"),
            {'"3,416 "': 3416, "-12": -12, '"1,234,567"': 1234567, '"-1,000"': -1000},
            ["34,16", "3,41", "1,2345", ",416", "3,416.5"],
        ),
        ("number", custom(thousandsSeparator="','"), {'"3,416.50"': 3416.5, "7": 7.0}, ["34,16.5", "3.4,165"]),
        ("integer", custom(thousandsSeparator="'.'"), {"3.416": 3416, "12": 12}, ["3,416", "34.16"]),
        ("integer", "", {"3416 ": 3416}, ["3,416"]),
    ],
)
def test_thousands_separators_where_they_belong(
    tmp_path: Path, logical_type: str, column: str, good: dict[str, object], bad: list[str]
) -> None:
    agreed = contract(tmp_path, logical_type, column)
    accepted, rejected = read(tmp_path, agreed, [*good, *(f'"{value}"' for value in bad)], filler="1")
    assert accepted == list(good.values())
    assert [value for _, _, value in rejected] == bad


def test_missing_values(tmp_path: Path) -> None:
    agreed = contract(tmp_path, "integer", document=top(missingValues="['[x]', '-']"))
    accepted, rejected = read(tmp_path, agreed, ["[x]", " - ", "7", "[z]", "x"], filler="1")
    assert accepted == [None, None, 7]
    assert rejected == [(5, "value_integer", "[z]"), (6, "value_integer", "x")]


def test_a_leading_apostrophe_is_dropped_where_it_is_agreed(tmp_path: Path) -> None:
    agreed = contract(tmp_path, column=custom(leadingApostrophe="true"))
    assert read(tmp_path, agreed, ["'028", "028", "'", "o'clock"])[0] == ["028", "028", None, "o'clock"]
    plain = contract(tmp_path)
    (tmp_path / "other").mkdir()
    assert read(tmp_path / "other", plain, ["'028"])[0] == ["'028"]


def test_total_rows_have_one_plain_reason(tmp_path: Path) -> None:
    agreed = contract(tmp_path, "integer", "required: true")
    text = (tmp_path / "council" / "cases.odcs.yaml").read_text().replace("        required: false\n", "")
    text = text.replace(
        "        description: Reference.",
        "        description: Reference.\n        customProperties:\n"
        "          - property: totalRowPattern\n            value: (grand )?totals?",
    )
    (tmp_path / "council" / "cases.odcs.yaml").write_text(text)
    agreed = load_contract(tmp_path / "council" / "cases.odcs.yaml")
    drop = Drop(DataFolder(tmp_path / "data"), agreed)
    receipt = drop.take(b"Ref,Value\na,1\nTotally,2\nb,\nGrand Total,\n", "2008-04-cases.csv")
    assert receipt.rejected_by_rule == {"reference_is_no_total": 1, "value_present": 1}
    assert drop.rejected("row_number, rule, reason") == [
        (4, "value_present", "Value must not be blank."),
        (
            5,
            "reference_is_no_total",
            "The row is a total and no record, as its Ref says: it counts what the other rows hold.",
        ),
    ]


def test_windows_1252_costs_the_rows_whose_bytes_mean_nothing(tmp_path: Path) -> None:
    drop = Drop(DataFolder(tmp_path / "data"), contract(tmp_path, encoding="windows-1252"))
    content = b"Ref,Value\r\na,\x93caf\xe9\x94 \x96 \xa35\r\nb,\x81\r\nc,\xa0x\xa0\r\n"
    receipt = drop.take(content, "2008-04-cases.csv")
    assert drop.raw("reference, value") == [("a", "“café” – £5"), ("c", "x")]
    assert receipt.rejected_by_rule == {"wrong_encoding": 1}
    assert drop.folder.archived(receipt.file_sha256).read_bytes() == content


def test_latin_1(tmp_path: Path) -> None:
    drop = Drop(DataFolder(tmp_path / "data"), contract(tmp_path, encoding="latin-1"))
    drop.take("Ref,Value\na,café\n".encode("latin-1"), "2008-04-cases.csv")
    assert drop.raw("value") == [("café",)]


def test_tabs(tmp_path: Path) -> None:
    agreed = contract(tmp_path, delimiter="\\t")
    assert agreed.delimiter == "\t"
    drop = Drop(DataFolder(tmp_path / "data"), agreed)
    receipt = drop.take(b'Ref\tValue\na\t"b\tc"\nd\te,f \ng\th\ti\n', "2008-04-cases.csv")
    assert drop.raw("value") == [("b\tc",), ("e,f",)]
    assert drop.rejected("row_number, record") == [(4, "g\th\ti")]
    assert receipt.rejected_by_rule == {"too_many_values": 1}


def test_a_header_of_several_lines_behind_a_preamble(tmp_path: Path) -> None:
    agreed = contract(tmp_path, document=top(headerRow="4"))
    agreed = dataclasses.replace(
        agreed,
        columns=tuple(
            dataclasses.replace(column, header=f"The {column.header}", headers=(f"The {column.header}",))
            for column in agreed.columns
        ),
    )
    drop = Drop(DataFolder(tmp_path / "data"), agreed)
    content = (
        b'"Cases of\r\nApril",\r\n\r\nnotes,,,\r\n"The\r\n Ref","The\r\nValue"\r\na,1\r\nhalf\r\nb,"2\r\n3"\r\n\r\nc,4'
    )
    receipt = drop.take(content, "2008-04-cases.csv")
    assert for_owner(receipt.warnings) == []
    assert drop.raw("row_number, reference, value") == [(5, "a", "1"), (7, "b", "2\n3"), (9, "c", "4")]
    assert drop.rejected("row_number, rule, record") == [(6, "too_few_values", "half")]


def test_columns_that_are_left_out_as_agreed_are_no_warning(tmp_path: Path) -> None:
    drop = Drop(DataFolder(tmp_path / "data"), contract(tmp_path, document=top(ignoredColumns="[Notes of Officer]")))
    receipt = drop.take(b"Ref,Value,NOTES of officer,Mood\na,1,x,y\n", "2008-04-cases.csv")
    assert for_owner(receipt.warnings) == [
        "1 of the columns sent are not in the contract and were left out. They are column 'Mood'."
    ]


def test_columns_that_together_identify_a_row(tmp_path: Path) -> None:
    agreed = contract(tmp_path)
    text = (tmp_path / "council" / "cases.odcs.yaml").read_text()
    rule = (
        "    quality:\n      - name: twice\n        description: Ref and Value may come together once.\n"
        "        metric: duplicateValues\n        arguments:\n          properties: [reference, value]\n"
        "        mustBe: 0\n    properties:\n"
    )
    (tmp_path / "council" / "cases.odcs.yaml").write_text(text.replace("    properties:\n", rule, 1))
    agreed = load_contract(tmp_path / "council" / "cases.odcs.yaml")
    drop = Drop(DataFolder(tmp_path / "data"), agreed)
    receipt = drop.take(b"Ref,Value\na,1\na,2\na,1\nb,1\na,\na,\na,1\n", "2008-04-cases.csv")
    assert receipt.rejected_by_rule == {"twice": 2}
    assert drop.rejected("row_number, column_name, reason, record") == [
        (4, None, "Ref and Value may come together once.", "a,1"),
        (8, None, "Ref and Value may come together once.", "a,1"),
    ]
    (tmp_path / "council" / "cases.odcs.yaml").write_text(
        text.replace("    properties:\n", rule.replace("[reference, value]", "[reference, when]"), 1)
    )
    with pytest.raises(ContractError, match=r"names 'when'.*Name columns of the schema"):
        load_contract(tmp_path / "council" / "cases.odcs.yaml")

"""The columns of a document."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from open_data_contract_standard.model import SchemaProperty

from sources.contract import values
from sources.contract.date_formats import EXCEL_SERIAL, ambiguous, in_order_of_trial, jdk_format, strptime_format
from sources.contract.errors import Mistake
from sources.contract.header_names import normal_header
from sources.contract.model import Column
from sources.contract.personal_list import personal_list

LOGICAL_TYPES = ("string", "integer", "number", "boolean", "date")
CLASSIFICATIONS = ("personal", "not_personal")
# Where `keyedHash` is true: one for all feeds, so that a person is the same in each.
COMMON_NAMESPACE = "person"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
NOT_TO_USE = ("file_sha256", "row_number")
"""Names of columns that intake adds."""
_PROPERTIES = {
    "dateForms",
    "joinedFrom",
    "otherHeaders",
    "thousandsSeparator",
    "leadingApostrophe",
    "totalRowPattern",
    "keyedHash",
    "neverFullPostcode",
    "agreedText",
    "lackingBefore",
}


def columns_of(properties: Sequence[SchemaProperty], is_open: bool) -> tuple[Column, ...]:
    """Return the columns of a schema, in the order of the file; what a header tells of open data is no secret."""
    columns = tuple(_column(one, is_open) for one in properties)
    if len(columns) < 2:
        raise Mistake("schema.properties", "names fewer than two columns", "List the columns of the file.")
    for kind, names in (
        ("name", [column.name for column in columns]),
        (
            "physicalName",
            [normal_header(header) for column in columns for header in (*column.headers, *column.other_headers)],
        ),
    ):
        repeated = {name for name in names if names.count(name) > 1}
        if repeated:
            problem = f"{', '.join(sorted(repeated))} appears twice"
            raise Mistake(f"schema.properties.{kind}", problem, "Rename one.")
    return columns


def column_custom(sent: SchemaProperty) -> Mapping[str, Any]:
    """Return the custom properties of a column by their names."""
    return values.custom(sent.customProperties, f"schema.properties.{sent.name}.customProperties")


def date_forms(sent: SchemaProperty, custom: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the forms in which the dates of a column may be written, in the notation of contracts."""
    where = f"schema.properties.{sent.name}"
    options = sent.logicalTypeOptions or {}
    if "dateForms" in custom:
        if "format" in options:
            raise Mistake(f"{where}.dateForms", "is given beside logicalTypeOptions.format", "Keep one of them.")
        forms = values.texts(custom["dateForms"], f"{where}.dateForms")
    else:
        forms = (values.text(options.get("format"), f"{where}.logicalTypeOptions.format"),)
    try:
        formats = [strptime_format(form) for form in forms if form != EXCEL_SERIAL]
    except ValueError as error:
        remedy = f"Write it as in yyyy-MM-dd, or {EXCEL_SERIAL}."
        raise Mistake(f"{where}.logicalTypeOptions.format", str(error), remedy) from error
    pair = ambiguous(formats)
    if pair:
        problem = "{} and {} read the same text as different dates".format(*map(jdk_format, pair))
        raise Mistake(f"{where}.dateForms", problem, "Agree on one of them: a date is never guessed.")
    return forms


def _column(sent: SchemaProperty, is_open: bool) -> Column:
    name = values.text(sent.name, "schema.properties.name")
    where = f"schema.properties.{name}"
    if not _NAME.fullmatch(name) or name in NOT_TO_USE:
        raise Mistake(where, "is no column name to use", "Use snake_case, and not a name that intake adds.")
    logical_type = values.among(sent.logicalType, LOGICAL_TYPES, f"{where}.logicalType")
    custom = column_custom(sent)
    values.all_known(custom, _PROPERTIES, f"{where}.customProperties")
    header = values.text(sent.physicalName, f"{where}.physicalName")
    kind = personal_list().kind_to_agree(header, is_open)
    if kind and sent.classification == "not_personal":
        raise Mistake(f"{where}.classification", f"is not_personal; {header!r} holds {kind}", "Write personal.")
    forms = date_forms(sent, custom) if logical_type == "date" else ()
    separator = custom.get("thousandsSeparator")
    if separator is not None:
        values.among(separator, (",", " ", "."), f"{where}.thousandsSeparator")
    classification = values.among(sent.classification, CLASSIFICATIONS, f"{where}.classification")
    return Column(
        name=name,
        header=header,
        title=sent.businessName or header,
        description=values.text(sent.description, f"{where}.description"),
        logical_type=logical_type,
        required=bool(sent.required),
        is_personal=classification == "personal",
        headers=values.texts(custom.get("joinedFrom", [header]), f"{where}.joinedFrom"),
        other_headers=values.texts(custom["otherHeaders"], f"{where}.otherHeaders") if "otherHeaders" in custom else (),
        date_formats=in_order_of_trial([strptime_format(form) for form in forms if form != EXCEL_SERIAL]),
        takes_excel_serials=EXCEL_SERIAL in forms,
        thousands_separator=separator,
        drops_apostrophe=values.flag(custom.get("leadingApostrophe", False), f"{where}.leadingApostrophe"),
        hash_namespace=_hash_namespace(sent, custom.get("keyedHash", False)),
        never_full_postcode=values.flag(custom.get("neverFullPostcode", False), f"{where}.neverFullPostcode"),
        lacking_before=_lacking_before(sent, custom),
        is_free_text=logical_type == "string" and not _says_what_it_holds(sent, custom),
        is_agreed_text=bool(custom.get("agreedText")),
    )


def _lacking_before(sent: SchemaProperty, custom: Mapping[str, Any]) -> date | None:
    if "lackingBefore" not in custom:
        return None
    where = f"schema.properties.{sent.name}.lackingBefore"
    if sent.required or "joinedFrom" in custom:
        raise Mistake(where, "is given for a column that is required or joined from several", "Say one of them.")
    return date.fromisoformat(values.iso_date(custom["lackingBefore"], where))


def _says_what_it_holds(sent: SchemaProperty, custom: Mapping[str, Any]) -> bool:
    """Return whether a text column holds codes: in a pattern, of a list, each once, or hashed."""
    metrics = {quality.metric for quality in sent.quality or []}
    is_coded = "pattern" in (sent.logicalTypeOptions or {}) or metrics & {"invalidValues", "duplicateValues"}
    return bool(is_coded or custom.get("keyedHash") or custom.get("agreedText"))


def _hash_namespace(sent: SchemaProperty, value: object) -> str | None:
    where = f"schema.properties.{sent.name}.keyedHash"
    if value is False:
        return None
    if sent.logicalType != "string" or sent.classification != "personal":
        raise Mistake(where, "is given for a column that is not personal text", "Make it a string, personal.")
    return COMMON_NAMESPACE if value is True else values.text(value, where)

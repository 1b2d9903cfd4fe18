"""Reads one ODCS v3.1 document into a `Contract`; whatever is wrong in it is named with file, key and remedy."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
    Server,
)
from pydantic import ValidationError

from sources.contract import rules as contract_rules
from sources.contract.date_formats import EXCEL_SERIAL, ambiguous, jdk_format, strptime_format
from sources.contract.expected_size import ExpectedSize
from sources.contract.model import MONTH_CODES, Column, Contract, ContractError
from sources.contract.rules import FileCondition, FileRule, RowRule, RuleError
from sources.personal.detection import personal_list, plain

SUFFIX = ".odcs.yaml"
API_VERSION = "v3.1.0"
LOGICAL_TYPES = ("string", "integer", "number", "boolean", "date")
CLASSIFICATIONS = ("personal", "not_personal")
# In which a line feed is one byte, and is nothing else.
ENCODINGS = ("utf-8", "latin-1", "windows-1252")
CADENCES = {1: "monthly", 3: "quarterly", 4: "four-monthly", 12: "annual"}
ANY_MONTH = "any"
PERIOD_NAMES = ("first_month", "last_month")
# The same safe loader, in C where it is there.
_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
T = TypeVar("T")
_ADDED_COLUMNS = ("file_sha256", "row_number")
_DATE_FORMS = f"Write it as in yyyy-MM-dd, or {EXCEL_SERIAL}."
# Known at the top of a document; a property that is misspelt must not be passed over.
_CUSTOM_PROPERTIES = {
    "fileNamePattern",
    "fileNameExample",
    "ignoredMembersPattern",
    "supplier",
    "periodFormat",
    "periodNames",
    "periodStartMonth",
    "headerRow",
    "ignoredColumns",
    "forbiddenColumns",
    "refusesUnknownColumns",
    "missingValues",
    "maximumRejectedShare",
    "expectedSize",
    "slackDays",
    "neverOverdue",
    "revisionWindowMonths",
}
_COLUMN_PROPERTIES = {
    "dateForms",
    "joinedFrom",
    "thousandsSeparator",
    "leadingApostrophe",
    "totalRowPattern",
    "keyedHash",
    "neverFullPostcode",
}
_SIZE_KEYS = {
    "warnedChange": "warned_change",
    "heldLoss": "held_loss",
    "usualShare": "usual_share",
    "ignoredRows": "ignored_rows",
}
# Where `keyedHash` is true: one for all feeds, so that a person is the same in each.
COMMON_NAMESPACE = "person"


class ContractReader:
    """Reads one document, and knows its name for the messages."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.agency = file.parent.name
        self.feed, _, variant = file.name.removesuffix(SUFFIX).partition(".")
        self.variant = variant or None

    def wrong(self, key: str, problem: str, remedy: str) -> ContractError:
        """Return the error that says what is wrong with a key, and what to do."""
        return ContractError(f"{self.file}: {key}: {problem}. {remedy}")

    def contract(self) -> Contract:
        """Return the contract of the document.

        Raises:
            ContractError: the document is wrong.
        """
        document = self._document()
        custom = self._custom(document.customProperties, "customProperties")
        self._all_known(custom, _CUSTOM_PROPERTIES, "customProperties")
        about = document.description
        terms = self._custom(about.customProperties if about else None, "description.customProperties")
        schema = self._one(document.schema_, "schema")
        server = self._server(document, "csv")
        workbook = self._server(document, "xlsx")
        if server is None:
            raise self.wrong("servers", "has none of format csv", "Say how the file is written as CSV.")
        header_row = self._count(custom.get("headerRow", 1), "headerRow", minimum=1)
        sheet, sheet_header_row = self._sheet(workbook, header_row) if workbook else (None, header_row)
        columns = self._columns(schema)
        row_rules, file_rules, file_conditions = self._rules(schema, columns)
        months, cadence = self._cadence(document)
        team = document.team
        owner = None if team is None or isinstance(team, list) else team.name
        pattern = self._pattern(custom, "fileNamePattern")
        if "period" not in pattern.groupindex:
            raise self.wrong("fileNamePattern", "has no named group `period`", "Write (?P<period>...) in it.")
        example = self._text(custom.get("fileNameExample"), "fileNameExample")
        if not pattern.fullmatch(example):
            raise self.wrong("fileNameExample", "does not fit fileNamePattern", "Correct one of them.")
        ignored = "ignoredMembersPattern"
        supplier = self._supplier(custom, pattern)
        return Contract(
            agency=self.agency,
            feed=self.feed,
            variant=self.variant,
            version=self._text(document.version, "version"),
            title=self._text(document.name, "name"),
            description=self._text(schema.description, "schema.description"),
            owner=self._text(owner, "team.name"),
            licence=self._text(terms.get("licence"), "description.customProperties.licence"),
            file_format="csv",
            delimiter=self._delimiter(server),
            encoding=self._among(server.encoding, ENCODINGS, "servers.encoding"),
            header_row=header_row,
            sheet=sheet,
            sheet_header_row=sheet_header_row,
            missing_values=self._texts(custom["missingValues"], "missingValues") if "missingValues" in custom else (),
            columns=columns,
            ignored_columns=self._ignored(custom),
            forbidden_columns=self._forbidden(custom, columns),
            refuses_unknown_columns=self._flag(custom.get("refusesUnknownColumns", False), "refusesUnknownColumns"),
            row_rules=row_rules,
            file_rules=file_rules,
            file_conditions=file_conditions,
            file_name_pattern=pattern,
            file_name_example=example,
            ignored_members_pattern=self._pattern(custom, ignored) if ignored in custom else None,
            supplier=supplier,
            period_format=self._date_format(custom.get("periodFormat"), "periodFormat"),
            period_start_month=self._start_month(custom.get("periodStartMonth", 1), months),
            names_last_month=self._names_last_month(custom),
            maximum_rejected_share=self._share(custom.get("maximumRejectedShare"), "maximumRejectedShare"),
            expected_size=self._expected_size(custom.get("expectedSize", {})),
            cadence=cadence,
            months_per_period=months,
            due_days=self._count(self._sla(document, "latency", "d"), "slaProperties.latency"),
            slack_days=self._count(custom.get("slackDays"), "slackDays"),
            first_period=self._iso_date(
                self._sla(document, "generalAvailability"), "slaProperties.generalAvailability"
            ),
            last_day=self._last_day(document),
            is_owed=not self._flag(custom.get("neverOverdue", False), "neverOverdue"),
            revision_window_months=self._count(custom.get("revisionWindowMonths"), "revisionWindowMonths"),
        )

    def _document(self) -> OpenDataContractStandard:
        try:
            sent = yaml.load(self.file.read_text(encoding="utf-8"), Loader=_YAML)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise self.wrong("document", f"cannot be read as YAML ({error})", "Correct the YAML.") from error
        if not isinstance(sent, dict):
            raise self.wrong("document", "is not a mapping", "Start it with `kind: DataContract`.")
        try:
            document = OpenDataContractStandard(**sent)
        except ValidationError as error:
            first = error.errors()[0]
            raise self.wrong(
                ".".join(map(str, first["loc"])), first["msg"], f"See the ODCS {API_VERSION} standard."
            ) from error
        unknown = _unknown_key(sent, document.model_dump(by_alias=True))
        if unknown:
            raise self.wrong(unknown, "is not a key of ODCS", "Correct its spelling, or move it to customProperties.")
        self._among(document.apiVersion, (API_VERSION,), "apiVersion")
        variant = f".{self.variant}" if self.variant else ""
        self._among(document.id, (f"{self.agency}/{self.feed}{variant}",), "id")
        return document

    def _columns(self, schema: SchemaObject) -> tuple[Column, ...]:
        columns = tuple(self._column(sent) for sent in schema.properties or [])
        if len(columns) < 2:
            raise self.wrong("schema.properties", "names fewer than two columns", "List the columns of the file.")
        for kind, names in (
            ("name", [column.name for column in columns]),
            (
                "physicalName",
                [contract_rules.normal_header(header) for column in columns for header in column.headers],
            ),
        ):
            repeated = {name for name in names if names.count(name) > 1}
            if repeated:
                raise self.wrong(
                    f"schema.properties.{kind}", f"{', '.join(sorted(repeated))} appears twice", "Rename one."
                )
        return columns

    def _column(self, sent: SchemaProperty) -> Column:
        name = self._text(sent.name, "schema.properties.name")
        where = f"schema.properties.{name}"
        if not _NAME.fullmatch(name) or name in _ADDED_COLUMNS:
            raise self.wrong(where, "is no column name to use", "Use snake_case, and not a name that intake adds.")
        logical_type = self._among(sent.logicalType, LOGICAL_TYPES, f"{where}.logicalType")
        custom = self._custom(sent.customProperties, f"{where}.customProperties")
        self._all_known(custom, _COLUMN_PROPERTIES, f"{where}.customProperties")
        header = self._text(sent.physicalName, f"{where}.physicalName")
        kind = personal_list().kind(header)
        if kind and sent.classification == "not_personal":
            raise self.wrong(f"{where}.classification", f"is not_personal; {header!r} holds {kind}", "Write personal.")
        forms = self._date_forms(sent, custom) if logical_type == "date" else []
        separator = custom.get("thousandsSeparator")
        if separator is not None:
            self._among(separator, (",", " ", "."), f"{where}.thousandsSeparator")
        return Column(
            name=name,
            header=header,
            title=sent.businessName or name,
            description=self._text(sent.description, f"{where}.description"),
            logical_type=logical_type,
            required=bool(sent.required),
            is_personal=self._among(sent.classification, CLASSIFICATIONS, f"{where}.classification") == "personal",
            headers=self._texts(custom.get("joinedFrom", [header]), f"{where}.joinedFrom"),
            # Where the year has two digits, DuckDB must try that before it takes 08 for the year 8.
            date_formats=tuple(
                sorted((strptime_format(form) for form in forms if form != EXCEL_SERIAL), key=lambda form: "%Y" in form)
            ),
            takes_excel_serials=EXCEL_SERIAL in forms,
            thousands_separator=separator,
            drops_apostrophe=self._flag(custom.get("leadingApostrophe", False), f"{where}.leadingApostrophe"),
            hash_namespace=self._hash_namespace(sent, custom),
            never_full_postcode=self._flag(custom.get("neverFullPostcode", False), f"{where}.neverFullPostcode"),
        )

    def _hash_namespace(self, sent: SchemaProperty, custom: Mapping[str, Any]) -> str | None:
        where = f"schema.properties.{sent.name}.keyedHash"
        value = custom.get("keyedHash", False)
        if value is False:
            return None
        if sent.logicalType != "string" or sent.classification != "personal":
            raise self.wrong(where, "is given for a column that is not personal text", "Make it a string, personal.")
        return COMMON_NAMESPACE if value is True else self._text(value, where)

    def _ignored(self, custom: Mapping[str, Any]) -> tuple[str, ...]:
        if "ignoredColumns" not in custom:
            return ()
        names = self._texts(custom["ignoredColumns"], "ignoredColumns")
        for name in names:
            kind = personal_list().kind(name)
            if kind:
                remedy = "Agree that it is not sent, or agree it as a column of the schema."
                raise self.wrong("ignoredColumns", f"names {name!r}, which holds {kind}", remedy)
        return names

    def _forbidden(self, custom: Mapping[str, Any], columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
        sent = custom.get("forbiddenColumns", [])
        if not isinstance(sent, list) or not all(
            isinstance(one, dict) and one.keys() == {"name", "reason"} for one in sent
        ):
            raise self.wrong("forbiddenColumns", "is no list of name and reason", "Give each a name and a reason.")
        forbidden = tuple(
            (self._text(one["name"], "forbiddenColumns.name"), self._text(one["reason"], "forbiddenColumns.reason"))
            for one in sent
        )
        agreed = {plain(header) for column in columns for header in column.headers}
        for name, _ in forbidden:
            if plain(name) in agreed:
                raise self.wrong("forbiddenColumns", f"names {name!r}, a column of the schema", "Keep one of them.")
        return forbidden

    def _date_forms(self, sent: SchemaProperty, custom: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the forms in which a date may be written, in the notation of contracts."""
        where = f"schema.properties.{sent.name}"
        options = sent.logicalTypeOptions or {}
        if "dateForms" in custom:
            if "format" in options:
                raise self.wrong(f"{where}.dateForms", "is given beside logicalTypeOptions.format", "Keep one of them.")
            forms = self._texts(custom["dateForms"], f"{where}.dateForms")
        else:
            forms = (self._text(options.get("format"), f"{where}.logicalTypeOptions.format"),)
        try:
            formats = [strptime_format(form) for form in forms if form != EXCEL_SERIAL]
        except ValueError as error:
            raise self.wrong(f"{where}.logicalTypeOptions.format", str(error), _DATE_FORMS) from error
        pair = ambiguous(formats)
        if pair:
            one, other = map(jdk_format, pair)
            raise self.wrong(
                f"{where}.dateForms",
                f"{one} and {other} read the same text as different dates",
                "Agree on one of them: a date is never guessed.",
            )
        return forms

    def _rules(
        self, schema: SchemaObject, columns: Sequence[Column]
    ) -> tuple[tuple[RowRule, ...], tuple[FileRule, ...], tuple[FileCondition, ...]]:
        types = {column.name: column.logical_type for column in columns}
        row_rules: list[RowRule] = []
        file_rules: list[FileRule] = []
        file_conditions: list[FileCondition] = []
        try:
            for sent in schema.properties or []:
                custom = self._custom(sent.customProperties, f"schema.properties.{sent.name}.customProperties")
                row_rules += contract_rules.column_rules(
                    sent, self._written(sent, custom), self._total_row_pattern(sent, custom)
                )
            for quality in schema.quality or []:
                self._text(quality.description, f"schema.quality.{quality.name}.description")
                if quality.type == "custom":
                    rule = contract_rules.custom_rule(quality)
                    if isinstance(rule, FileCondition):
                        file_conditions.append(rule)
                    else:
                        row_rules.append(rule)
                elif quality.metric == "duplicateValues":
                    row_rules.append(contract_rules.repeated_rule(quality, list(types)))
                else:
                    file_rules.append(contract_rules.file_rule(quality))
            contract_rules.check_rules(row_rules, types)
            contract_rules.check_conditions(file_conditions, types)
        except RuleError as error:
            raise self.wrong(error.key, error.problem, error.remedy) from error
        return tuple(row_rules), tuple(file_rules), tuple(file_conditions)

    def _written(self, sent: SchemaProperty, custom: Mapping[str, Any]) -> str | None:
        """Return in words how a date column is written; None for another column."""
        if sent.logicalType != "date":
            return None
        forms = [
            "as a spreadsheet's serial number" if form == EXCEL_SERIAL else form
            for form in self._date_forms(sent, custom)
        ]
        return " or ".join([", ".join(forms[:-1]), forms[-1]] if len(forms) > 1 else forms)

    def _total_row_pattern(self, sent: SchemaProperty, custom: Mapping[str, Any]) -> str | None:
        if "totalRowPattern" not in custom:
            return None
        return self._text(custom["totalRowPattern"], f"schema.properties.{sent.name}.totalRowPattern")

    def _cadence(self, document: OpenDataContractStandard) -> tuple[int, str]:
        months, unit = self._sla(document, "frequency"), self._sla_unit(document, "frequency")
        if unit != "month" or months not in CADENCES:
            raise self.wrong("slaProperties.frequency", f"is {months} {unit}", "Write 1, 3, 4 or 12 with unit month.")
        return months, CADENCES[months]

    def _sla(self, document: OpenDataContractStandard, name: str, unit: str | None = None) -> Any:
        found = [sla for sla in document.slaProperties or [] if sla.property == name]
        sla = self._one(found, f"slaProperties.{name}")
        if unit is not None and sla.unit != unit:
            raise self.wrong(f"slaProperties.{name}.unit", f"is {sla.unit!r}", f"Write {unit}.")
        return sla.value

    def _sla_unit(self, document: OpenDataContractStandard, name: str) -> str | None:
        return next(sla.unit for sla in document.slaProperties or [] if sla.property == name)

    def _server(self, document: OpenDataContractStandard, file_format: str) -> Server | None:
        servers = document.servers or []
        for server in servers:
            self._among(server.format, ("csv", "xlsx"), "servers.format")
        found = [server for server in servers if server.format == file_format]
        return self._one(found, f"servers of format {file_format}") if found else None

    def _sheet(self, workbook: Server, header_row: int) -> tuple[str, int]:
        custom = self._custom(workbook.customProperties, "servers.customProperties")
        self._all_known(custom, {"sheet", "headerRow"}, "servers.customProperties")
        return (
            self._text(custom.get("sheet"), "servers.customProperties.sheet"),
            self._count(custom.get("headerRow", header_row), "servers.customProperties.headerRow", minimum=1),
        )

    def _all_known(self, custom: Mapping[str, Any], known: set[str], key: str) -> None:
        unknown = sorted(set(custom) - known)
        if unknown:
            raise self.wrong(f"{key}.{unknown[0]}", "is not known here", f"Use one of: {', '.join(sorted(known))}.")

    def _supplier(self, custom: Mapping[str, Any], pattern: re.Pattern[str]) -> str | None:
        """Return who sends every file; None where the file name tells it."""
        if "supplier" in pattern.groupindex:
            if "supplier" in custom:
                raise self.wrong("supplier", "is given, and is in fileNamePattern too", "Keep one of them.")
            return None
        return self._text(custom.get("supplier"), "supplier (no named group of fileNamePattern)")

    def _start_month(self, value: object, months_per_period: int) -> int | None:
        if value == ANY_MONTH:
            return None
        month = self._count(value, "periodStartMonth", minimum=1)
        if month > 12 or (months_per_period == 1 and month != 1):
            raise self.wrong(
                "periodStartMonth", f"is {value!r}", f"Give 1 to 12, or {ANY_MONTH}; leave it out for a monthly feed."
            )
        return month

    def _names_last_month(self, custom: Mapping[str, Any]) -> bool:
        names = self._among(custom.get("periodNames", PERIOD_NAMES[0]), PERIOD_NAMES, "periodNames")
        names_last = names == PERIOD_NAMES[1]
        form = self._date_format(custom.get("periodFormat"), "periodFormat")
        if names_last and not any(code in form for code in MONTH_CODES):
            raise self.wrong("periodNames", "is last_month, but periodFormat has no month", "Correct one of them.")
        return names_last

    def _last_day(self, document: OpenDataContractStandard) -> str | None:
        if not any(sla.property == "endOfLife" for sla in document.slaProperties or []):
            return None
        return self._iso_date(self._sla(document, "endOfLife"), "slaProperties.endOfLife")

    def _flag(self, value: object, key: str) -> bool:
        if not isinstance(value, bool):
            raise self.wrong(key, f"is {value!r}", "Write true or false.")
        return value

    def _custom(self, properties: Sequence[CustomProperty] | None, key: str) -> Mapping[str, Any]:
        named = {self._text(sent.property, key): sent.value for sent in properties or []}
        if len(named) != len(properties or []):
            raise self.wrong(key, "a property appears twice", "Keep one of them.")
        return named

    def _one(self, values: Sequence[T] | None, key: str) -> T:
        if not values or len(values) != 1:
            raise self.wrong(key, f"has {len(values or [])} entries", "Give exactly one.")
        return values[0]

    def _text(self, value: object, key: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "is missing or not text", "Give a text.")
        return value.strip()

    def _texts(self, value: object, key: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.wrong(key, f"is {value!r}", "Give a list of texts.")
        return tuple(one.strip() for one in value)

    def _among(self, value: object, allowed: Sequence[str], key: str) -> str:
        if value not in allowed:
            raise self.wrong(key, f"is {value!r}", f"Write one of: {', '.join(allowed)}.")
        return str(value)

    def _count(self, value: object, key: str, minimum: int = 0) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
            raise self.wrong(key, f"is {value!r}", f"Give a whole number of at least {minimum}.")
        return value

    def _share(self, value: object, key: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self.wrong(key, f"is {value!r}", "Give a number between 0 and 1.")
        return float(value)

    def _expected_size(self, sent: object) -> ExpectedSize:
        if not isinstance(sent, dict):
            raise self.wrong(
                "expectedSize", f"is {sent!r}", f"Give a mapping of {', '.join(_SIZE_KEYS)}, or leave it out."
            )
        self._all_known(sent, set(_SIZE_KEYS), "expectedSize")
        given: dict[str, Any] = {
            _SIZE_KEYS[key]: (self._count if key == "ignoredRows" else self._share)(value, f"expectedSize.{key}")
            for key, value in sent.items()
        }
        size = ExpectedSize(**given)
        if size.held_loss < size.warned_change:
            raise self.wrong("expectedSize.heldLoss", "is smaller than warnedChange", "Warn of less than is held.")
        return size

    def _delimiter(self, server: Server) -> str:
        delimiter = server.delimiter
        if not delimiter or len(delimiter) != 1:
            raise self.wrong("servers.delimiter", f"is {delimiter!r}", 'Give one character, such as ",".')
        return delimiter

    def _pattern(self, custom: Mapping[str, Any], name: str) -> re.Pattern[str]:
        try:
            return re.compile(self._text(custom.get(name), name), re.IGNORECASE)
        except re.error as error:
            raise self.wrong(name, f"is no regular expression ({error})", "Correct it.") from error

    def _date_format(self, value: object, key: str) -> str:
        try:
            return strptime_format(self._text(value, key))
        except ValueError as error:
            raise self.wrong(key, str(error), "Write it as in yyyy-MM-dd.") from error

    def _iso_date(self, value: object, key: str) -> str:
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError as error:
            raise self.wrong(key, f"is {value!r}", 'Give a date in quotes, such as "2010-12-01".') from error


def _unknown_key(sent: object, known: object, path: str = "") -> str | None:
    """Return the path of the first key that the library dropped, because it is not of the standard."""
    if isinstance(sent, dict) and isinstance(known, dict):
        for key, value in sent.items():
            here = f"{path}.{key}".lstrip(".")
            if key not in known:
                return here
            found = _unknown_key(value, known[key], here)
            if found:
                return found
    if isinstance(sent, list) and isinstance(known, list):
        for number, (one, other) in enumerate(zip(sent, known, strict=False)):
            found = _unknown_key(one, other, f"{path}[{number}]")
            if found:
                return found
    return None

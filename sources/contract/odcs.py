"""Maps one ODCS v3.1 document to a `Contract`; whatever is wrong in it is a `Mistake` with key and remedy."""

from pathlib import Path

from sources.contract import values
from sources.contract.column_rules import valid_values
from sources.contract.columns import columns_of
from sources.contract.counted_as import NAME as COUNTED_AS
from sources.contract.counted_as import counted_as
from sources.contract.document import DocumentName, read_document
from sources.contract.due import due
from sources.contract.expected_size import expected_size
from sources.contract.file_names import file_names
from sources.contract.layout import layout
from sources.contract.model import Contract
from sources.contract.other_columns import forbidden_columns, ignored_columns
from sources.contract.personal_list import personal_list
from sources.contract.schema_rules import rules_of
from sources.contract.table_of_estimates import table_of_estimates
from sources.contract.title import title
from sources.contract.told_by_content import told_by_content
from sources.contract.workbook_of_periods import workbook_of_periods

_PROPERTIES = {
    "fileNamePattern",
    "fileNameExample",
    "supplier",
    "periodFormat",
    "periodNames",
    "periodStartMonth",
    "headerRow",
    "ignoredColumns",
    "forbiddenColumns",
    "rowsArePeople",
    "missingValues",
    "maximumRejectedShare",
    "maximumRepeatedShare",
    "expectedSize",
    "slackDays",
    "neverOverdue",
    "revisionWindowMonths",
    "title",
    "toldByContent",
    "tableOfEstimates",
    "workbookOfPeriods",
    COUNTED_AS,
}
# A file of which more repeats is no extract with repeats in it, but a mistake.
MAXIMUM_REPEATED_SHARE = 0.5


def contract_in(file: Path) -> Contract:
    """Return the contract of the document in `file`.

    Raises:
        Mistake: the document is wrong.
    """
    document, name = read_document(file), DocumentName.of(file)
    custom = values.custom(document.customProperties, "customProperties")
    values.all_known(custom, _PROPERTIES, "customProperties")
    about = document.description
    terms = values.custom(about.customProperties if about else None, "description.customProperties")
    schema = values.one(document.schema_, "schema")
    written = layout(document, custom)
    licence = values.text(terms.get("licence"), "description.customProperties.licence")
    of_people = values.flag(custom.get("rowsArePeople", False), "rowsArePeople")
    is_open = personal_list().is_open(licence) and not of_people
    columns = columns_of(schema.properties or [], is_open)
    row_rules, file_rules, file_conditions = rules_of(schema)
    owed = due(document, custom)
    team = document.team
    owner = None if team is None or isinstance(team, list) else team.name
    return Contract(
        agency=name.agency,
        feed=name.feed,
        variant=name.variant,
        version=values.text(document.version, "version"),
        title=values.text(document.name, "name"),
        description=values.text(schema.description, "schema.description"),
        owner=values.text(owner, "team.name"),
        licence=licence,
        columns=columns,
        ignored_columns=ignored_columns(custom, is_open),
        forbidden_columns=forbidden_columns(custom, columns),
        rows_are_people=of_people,
        row_rules=row_rules,
        file_rules=file_rules,
        file_conditions=file_conditions,
        maximum_rejected_share=values.share(custom.get("maximumRejectedShare"), "maximumRejectedShare"),
        maximum_repeated_share=values.share(
            custom.get("maximumRepeatedShare", MAXIMUM_REPEATED_SHARE), "maximumRepeatedShare"
        ),
        expected_size=expected_size(custom),
        title_above=title(custom),
        told_by_content=told_by_content(
            custom, [column.name for column in columns if column.logical_type == "date"], row_rules
        ),
        workbook_of_periods=workbook_of_periods(custom, owed.months_per_period),
        table_of_estimates=table_of_estimates(custom),
        counted_as=counted_as(custom, columns, valid_values(schema.properties or []), owed.months_per_period),
        **vars(written),
        **vars(file_names(custom, owed.months_per_period)),
        **vars(owed),
    )

"""What the CSV files of a release hold, for programs: as CSVW and as a data package, from the dictionary.

CSV on the Web: https://www.w3.org/TR/tabular-metadata/. Data Package: https://specs.frictionlessdata.io/data-package/.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.releases.files import CSVW, DATA_PACKAGE, csv_copy, fingerprint, parquet_partition
from orchestration.releases.model import Described

_WHOLE_NUMBERS = {
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
}
_TYPES = {
    "VARCHAR": ("string", "string"),
    "BOOLEAN": ("boolean", "boolean"),
    "DATE": ("date", "date"),
    "TIMESTAMP": ("dateTime", "datetime"),
    "DECIMAL": ("decimal", "number"),
    "DOUBLE": ("double", "number"),
    "FLOAT": ("double", "number"),
    **dict.fromkeys(_WHOLE_NUMBERS, ("integer", "integer")),
}
"""The name of a type in CSVW, and in the schema of a data package, by the first word of its name in DuckDB."""


def write_metadata(
    building: Path, as_at: str, tables: Mapping[str, Mapping[str, Any]], dictionary: Mapping[str, Described]
) -> None:
    """Write both descriptions of the CSV files that `building` holds; `tables` is what the manifest says of them."""
    title = f"Community safety indicators as at {as_at}"
    described = {table: dictionary.get(table, Described()) for table in sorted(tables)}
    csvw = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": title,
        "dc:description": "Each table is published as gzip, under its name here with .gz: unpack it, or have a server "
        "send it with the header Content-Encoding: gzip.",
        "tables": [
            _csvw_table(table, tables[table], words, described)
            for table, words in described.items()
            if not words.partitioned_by
        ],
    }
    package = {
        "profile": "tabular-data-package",
        "name": "community-safety-indicators",
        "title": title,
        "resources": [
            _resource(building, table, tables[table], words, described) for table, words in described.items()
        ],
    }
    for name, content in ((CSVW, csvw), (DATA_PACKAGE, package)):
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        (building / name).write_text(text, encoding="utf-8")


def read_metadata(release: Path) -> dict[str, Described]:
    """Return the dictionary that was written into a release, by table; nothing where it was built without one."""
    if not (release / DATA_PACKAGE).exists():
        return {}
    package = json.loads((release / DATA_PACKAGE).read_text(encoding="utf-8"))
    return {resource["name"]: _described(resource) for resource in package["resources"]}


def _described(resource: Mapping[str, Any]) -> Described:
    schema = resource["schema"]
    return Described(
        description=resource.get("description", ""),
        columns={field["name"]: field.get("description", "") for field in schema["fields"]},
        key=schema.get("primaryKey", []),
        references={
            key["fields"]: key["reference"]["resource"] or resource["name"] for key in schema.get("foreignKeys", [])
        },
    )


def _csvw_table(
    table: str, facts: Mapping[str, Any], words: Described, dictionary: Mapping[str, Described]
) -> dict[str, Any]:
    columns = [
        _filled(
            {
                "name": column["name"],
                "titles": column["name"],
                "dc:description": words.columns.get(column["name"]),
                "datatype": _type(column["type"])[0],
                "required": column["name"] in words.key,
            }
        )
        for column in facts["columns"]
    ]
    references = [
        {"columnReference": column, "reference": {"resource": f"{other}.csv", "columnReference": field}}
        for column, other, field in _references(words, dictionary)
    ]
    return _filled(
        {
            "url": f"{table}.csv",
            "dc:description": words.description,
            "tableSchema": _filled({"columns": columns, "primaryKey": list(words.key), "foreignKeys": references}),
        }
    )


def _resource(
    building: Path, table: str, facts: Mapping[str, Any], words: Described, dictionary: Mapping[str, Described]
) -> dict[str, Any]:
    fields = [
        _filled(
            {
                "name": column["name"],
                "type": _type(column["type"])[1],
                "description": words.columns.get(column["name"]),
                "constraints": {"required": True} if column["name"] in words.key else None,
            }
        )
        for column in facts["columns"]
    ]
    references = [
        {"fields": column, "reference": {"resource": "" if other == table else other, "fields": field}}
        for column, other, field in _references(words, dictionary)
    ]
    return _filled(
        {
            "profile": "tabular-data-resource",
            "name": table,
            "description": words.description,
            **(_years(building, table) if words.partitioned_by else _csv(building, table)),
            "schema": _filled({"fields": fields, "primaryKey": list(words.key), "foreignKeys": references}),
        }
    )


def _csv(building: Path, table: str) -> dict[str, Any]:
    written = fingerprint(building / csv_copy(table))
    return {
        "path": csv_copy(table),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "compression": "gz",
        "bytes": written["bytes"],
        "hash": f"sha256:{written['sha256']}",
    }


def _years(building: Path, table: str) -> dict[str, Any]:
    files = sorted(building.glob(parquet_partition(table, "*")))
    return {
        "path": [file.relative_to(building).as_posix() for file in files],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
    }


def _references(words: Described, dictionary: Mapping[str, Described]) -> list[tuple[str, str, str]]:
    """Return column, table and column there of each reference."""
    return [(column, other, dictionary[other].key[0]) for column, other in words.references.items()]


def _type(duckdb_type: str) -> tuple[str, str]:
    return _TYPES[duckdb_type.split("(", maxsplit=1)[0].split(maxsplit=1)[0]]


def _filled(mapping: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if value}

"""The diagram draws the tables that a checked reference links, with keys, and no others."""

from docs.diagram import diagram
from docs.dictionary_page import keys_and_references


def test_linked_tables_are_drawn_with_their_keys() -> None:
    def column(name: str, *tests: object) -> dict[str, object]:
        return {"name": name, "data_type": "decimal(3, 1)", "description": "", "data_tests": list(tests)}

    def leads(to: str, field: str) -> dict[str, object]:
        return {"relationships": {"arguments": {"to": f"ref('{to}')", "field": field}}}

    def unique(*columns: str) -> dict[str, object]:
        return {"unique_key": {"arguments": {"columns": list(columns)}}}

    models = [
        {"name": "values", "columns": [column("area", leads("areas", "area")), column("month"), column("value")]},
        {"name": "areas", "columns": [column("area"), column("name")]},
        {"name": "names", "columns": [column("name", leads("areas", "name"))]},
    ]
    models[0]["data_tests"] = [unique("area", "month", "value"), unique("area", "month")]
    models[1]["data_tests"] = [unique("area")]
    keys, references = keys_and_references(models)
    assert keys == {"values": ["area", "month"], "areas": ["area"], "names": []}
    assert references == {"values": {"area": "areas"}, "areas": {}, "names": {}}  # a name is no key of areas
    assert diagram(models, keys, references).splitlines() == [
        "```mermaid",
        "erDiagram",
        "    areas {",
        "        decimal area PK",
        "    }",
        "    values {",
        "        decimal area PK, FK",
        "        decimal month PK",
        "    }",
        "    areas ||--o{ values : area",
        "```",
    ]

"""Keys and references of the published tables are those that dbt's data tests check."""

from typing import Any

from orchestration.dbt.dictionary import dictionary_of
from orchestration.releases import Described


def model(name: str, **columns: str) -> dict[str, Any]:
    described = {column: {"name": column, "description": text} for column, text in columns.items()}
    return {
        "resource_type": "model",
        "unique_id": f"model.csp.{name}",
        "name": name,
        "description": f"Of {name}.",
        "columns": described,
    }


def checked(table: str, test: str, **arguments: Any) -> dict[str, Any]:
    return {
        "resource_type": "test",
        "name": f"{table}_{test}_{len(str(arguments))}",
        "attached_node": f"model.csp.{table}",
        "test_metadata": {"name": test, "kwargs": arguments},
    }


def test_a_key_is_the_shortest_checked_and_a_reference_leads_to_a_key() -> None:
    nodes = [
        model("areas", area_code="Code.", area_name="Name."),
        model("values", area_code="Where.", area_name="Name.", value="The figure.", measure="What."),
        model("records", row="Number."),
        model("hidden"),
        checked("areas", "unique_key", columns=["area_code"]),
        checked("values", "unique_key", columns=["area_name", "area_code", "value"]),
        checked("values", "unique_key", columns=["area_code", "value"]),
        checked("values", "relationships", column_name="area_code", to="ref('areas')", field="area_code"),
        checked("values", "relationships", column_name="area_name", to="ref('areas')", field="area_name"),
        checked("values", "relationships", column_name="measure", to="ref('hidden')", field="measure"),
        checked("records", "unique_key", columns=["coalesce(row, 0)"]),
    ]
    manifest = {"nodes": {str(number): node for number, node in enumerate(nodes)}}
    dictionary = dictionary_of(manifest, ["areas", "records", "values"])
    assert dictionary["areas"] == Described("Of areas.", {"area_code": "Code.", "area_name": "Name."}, ("area_code",))
    assert dictionary["values"].key == ("area_code", "value")
    assert dictionary["values"].references == {"area_code": "areas"}
    assert dictionary["records"].key == ()

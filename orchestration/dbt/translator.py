"""How dbt's nodes are named in Dagster."""

from collections.abc import Collection, Mapping
from typing import Any

from dagster import AssetCheckSpec, AssetKey, AssetSpec
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from orchestration.assets.deliveries import feed_tags
from orchestration.dbt.fork import PARTNERS


class LayerTranslator(DagsterDbtTranslator):
    """Names dbt's nodes as the house does: the layer is the key's prefix, a raw source is an intake asset."""

    def __init__(self) -> None:
        super().__init__(
            settings=DagsterDbtTranslatorSettings(
                enable_asset_checks=True,
                enable_code_references=True,
                enable_duplicate_source_asset_keys=True,  # the files of the ledger are one asset
            )
        )

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """Return `<layer>/<name>`; for a raw source `raw/<agency>/<feed>`; for what the ledger step writes `ledger`."""
        name = dbt_resource_props["name"]
        match dbt_resource_props["resource_type"], dbt_resource_props.get("source_name"):
            case "source", "raw":
                return AssetKey(["raw", *name.split("__")])
            case "source", "ledger" | "run" | "partnership":
                return AssetKey("ledger")
            case "source", source_name:
                return AssetKey([str(source_name), name])
        return AssetKey([self._layer(dbt_resource_props), name])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the subject, which is the folder: `targets` has the seeds, models and marts of targets."""
        return str(dbt_resource_props["fqn"][-2])

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the subject as `domain`, beside dbt's own tags; of a staging model those of its feed."""
        subject = str(dbt_resource_props["fqn"][-2])
        is_staged = self._layer(dbt_resource_props) == "staging"
        return {**super().get_tags(dbt_resource_props), **(feed_tags(subject) if is_staged else {"domain": subject})}

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the model's own description, without the SQL, which the code link shows."""
        return str(dbt_resource_props.get("description") or "")

    def get_asset_check_spec(
        self,
        asset_spec: AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> AssetCheckSpec | None:
        """Return the check with dbt's own description of the test (dagster-dbt reads only `meta.description`).

        It holds a release whatever severity the test has: `severity: warn` must not take a check from the gate.
        """
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(description=manifest["nodes"][unique_id]["description"], blocking=True)

    @staticmethod
    def _layer(dbt_resource_props: Mapping[str, Any]) -> str:
        if dbt_resource_props["resource_type"] == "seed":
            return "reference"
        return str(dbt_resource_props["fqn"][1])


class PartnersTranslator(LayerTranslator):
    """Names what is made a second time for partners `partners/<layer>/<name>`, and the rest as the first build does."""

    def __init__(self, forked: Collection[str]) -> None:
        super().__init__()
        self._forked = frozenset(forked)

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """Return the key of the first build, below `partners` where the model is made twice."""
        key = super().get_asset_key(dbt_resource_props)
        return key.with_prefix(PARTNERS) if dbt_resource_props["unique_id"] in self._forked else key

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return one group for all that is made twice; `partners` is that of the feeds of the agency of this name."""
        is_forked = dbt_resource_props["unique_id"] in self._forked
        return f"{PARTNERS}_release" if is_forked else super().get_group_name(dbt_resource_props)

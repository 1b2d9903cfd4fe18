"""Assembly of the code location; what is assembled stays in its own module."""

import os
from collections.abc import Iterable

from dagster import AssetCheckSpec, AssetsDefinition, AssetSpec, Definitions
from dagster_dbt import DbtProject

from orchestration.assets.deliveries import delivery_spec
from orchestration.assets.models import build_models, build_partners_models
from orchestration.assets.months import month_ends
from orchestration.assets.release import build_release_asset
from orchestration.assets.release_as_at import build_release_as_at_asset
from orchestration.assets.release_facts import Wanted
from orchestration.assets.report import build_report_asset
from orchestration.checks.expectations import build_expectation_checks, expectation_specs, judged_tables
from orchestration.checks.freshness import shows_what_came_in
from orchestration.checks.gate import Check
from orchestration.code_links import hosted_repository, with_code_links
from orchestration.dbt.dictionary import dictionary_of
from orchestration.dbt.fork import forked_models
from orchestration.dbt.project import current_manifest, published_tables, published_views, released_relations
from orchestration.dbt.resource import dbt_resource
from orchestration.freshness_sensor import judge_freshness
from orchestration.intake_location import intake_assets
from orchestration.jobs import (
    BACKFILL_JOB,
    INTAKE_JOB,
    NIGHTLY_SCHEDULE,
    PUBLISH_JOB,
    TAGGING_SENSORS,
    publish_after_intake,
)
from orchestration.landing_sensor import intake_when_files_have_landed
from orchestration.provenance import DBT_PROJECT_DIR
from orchestration.releases import wants_partners_release
from orchestration.resources import DataFolderResource
from orchestration.sensors import TELLING_SENSORS
from sources.contract.load import load_contracts
from sources.folder.data_folder import ENVIRONMENT_VARIABLE, DataFolder


def checks_of(specs: Iterable[AssetCheckSpec]) -> list[Check]:
    """Return what the gate needs to know of checks: those that block a release, and those that only warn."""
    return sorted(
        Check(spec.asset_key.to_user_string(), spec.name, spec.blocking, spec.description or "") for spec in specs
    )


def build_definitions(folder: DataFolder | None = None) -> Definitions:
    """Return the code location of a data folder (by default the one that CSP_DATA_DIR names)."""
    folder = folder or DataFolder.from_environment()
    os.environ[ENVIRONMENT_VARIABLE] = str(folder.root)  # from where dbt reads it
    manifest = current_manifest(folder)
    contracts = list(load_contracts().values())
    project = DbtProject(project_dir=DBT_PROJECT_DIR, target_path=folder.dbt_target)
    models = [build_models(manifest, project, released_relations(manifest))]
    tables, views = published_tables(manifest), published_views(manifest)
    exact: list[str] = []
    if wants_partners_release():
        models.append(build_partners_models(manifest, project))
        forked = {manifest["nodes"][unique_id]["name"] for unique_id in forked_models(manifest)}
        exact = [relation for relation in [*tables, *views] if relation in forked]
    judged = judged_tables(exact)
    intake = intake_assets(contracts)
    specs = [*(spec for step in [*intake, *models] for spec in step.check_specs), *expectation_specs(judged)]
    dictionary = dictionary_of(manifest, [*tables, *views])
    wanted = Wanted(tables, views, exact, dictionary, checks_of(specs))
    releases = [build_release_asset(wanted), build_release_as_at_asset(wanted, month_ends(folder))]
    steps = [*intake, *releases, build_report_asset()]
    linked = with_code_links(steps, models, hosted_repository())
    assets: list[AssetsDefinition | AssetSpec] = [*(delivery_spec(contract) for contract in contracts), *linked]
    return Definitions(
        assets=assets,
        asset_checks=[build_expectation_checks(judged), shows_what_came_in],
        jobs=[INTAKE_JOB, PUBLISH_JOB, BACKFILL_JOB],
        schedules=[NIGHTLY_SCHEDULE],
        sensors=[
            intake_when_files_have_landed,
            judge_freshness,
            publish_after_intake,
            *TAGGING_SENSORS,
            *TELLING_SENSORS,
        ],
        resources={"data_folder": DataFolderResource(root=str(folder.root)), "dbt": dbt_resource(folder)},
    )

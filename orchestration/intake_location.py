"""The part of the code location that takes deliveries in: all that a night with nothing new needs to load."""

from collections.abc import Sequence

from dagster import AssetsDefinition, Definitions

from orchestration.assets.intake import build_intake
from orchestration.assets.ledger import build_ledger
from orchestration.jobs import INTAKE_JOB
from orchestration.resources import DataFolderResource
from sources.contract.load import Contract, load_contracts
from sources.folder.data_folder import DataFolder


def intake_assets(contracts: Sequence[Contract]) -> list[AssetsDefinition]:
    """Return the intake of every feed, and the ledger."""
    return [build_intake(contracts), build_ledger(contracts)]


def intake_definitions(folder: DataFolder) -> Definitions:
    """Return the job `intake` of a data folder without the dbt project, whose manifest takes seconds to load."""
    return Definitions(
        assets=intake_assets(list(load_contracts().values())),
        jobs=[INTAKE_JOB],
        resources={"data_folder": DataFolderResource(root=str(folder.root))},
    )

"""What a data engineer looks at first when something is wrong, one line a point.

Looking changes nothing, but for one thing: a switch of the current release that was interrupted is completed, and a
broken link restored.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from orchestration.doctor.broken import BrokenError
from orchestration.doctor.installation import contracts, data_folder, dbt_project, environment, form, partnership
from orchestration.doctor.intake import deliveries, key, ledger, writers
from orchestration.doctor.nights import alerts, current_release, last_run, partners, schedule
from sources.folder.data_folder import DataFolder

__all__ = [
    "BrokenError",
    "Finding",
    "alerts",
    "contracts",
    "current_release",
    "data_folder",
    "dbt_project",
    "deliveries",
    "environment",
    "examine",
    "form",
    "key",
    "last_run",
    "ledger",
    "partners",
    "partnership",
    "schedule",
    "writers",
]


@dataclass(frozen=True)
class Finding:
    """What was found at one point; what is not sound says what to do."""

    point: str
    said: str
    is_sound: bool = True

    def __str__(self) -> str:
        return f"{'ok    ' if self.is_sound else 'BROKEN'}  {self.point}: {self.said}"


def examine(folder: DataFolder) -> Iterator[Finding]:
    """Yield what is found at each point; an error that a look ends in is a finding too.

    Of a data folder that does not exist nothing more is looked at, which would make it.
    """
    points: dict[str, Callable[[DataFolder], str]] = {
        "environment": environment,
        "data folder": data_folder,
        "form": form,
        "partnership": partnership,
        "contracts": contracts,
        "ledger": ledger,
        "link key": key,
        "writers": writers,
        "dbt project": dbt_project,
        "current release": current_release,
        "partners' release": partners,
        "UI and schedule": schedule,
        "last run": last_run,
        "alerts": alerts,
        "deliveries": deliveries,
    }
    for point, look in points.items():
        try:
            yield Finding(point, look(folder))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was to be found
            yield Finding(point, str(error) or type(error).__name__, is_sound=False)
        if point == "data folder" and not folder.root.is_dir():
            return

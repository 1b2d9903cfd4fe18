"""Settings in force: those of the environment, and of partnership.yaml where no variable says otherwise."""

import os
from collections.abc import Mapping

from sources.partnership.folder import partnership_folder

VARIABLES = {
    "partners_release": "CSP_PARTNERS_RELEASE",
    "prune_keep": "CSP_PRUNE_KEEP",
    "prune_older_than": "CSP_PRUNE_OLDER_THAN",
    "quarantine_days": "CSP_QUARANTINE_DAYS",
}
"""The variable that stands for each key of partnership.yaml, and goes before it."""


def environment() -> Mapping[str, str]:
    """Return the environment, with the settings of partnership.yaml under the names of their variables.

    Raises:
        FolderError: there is no partnership.yaml, or it cannot be used.
    """
    if all(os.environ.get(variable) for variable in VARIABLES.values()):
        return os.environ
    settings = partnership_folder().settings()
    said = {variable: getattr(settings, key) for key, variable in VARIABLES.items()}
    own = {variable: _as_variable(value) for variable, value in said.items() if value is not None}
    return {**own, **{name: value for name, value in os.environ.items() if value or name not in own}}


def _as_variable(value: bool | int) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)

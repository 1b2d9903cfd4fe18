"""Where the partnership's folder is, and what its partnership.yaml says."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from sources.folder.yaml_text import from_yaml

if TYPE_CHECKING:
    from sources.partnership.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
SHIPPED = PROJECT / "sources" / "partnerships" / "melton"
VARIABLE = "CSP_PARTNERSHIP"
SETTINGS = "partnership.yaml"


class FolderError(Exception):
    """The folder, or its partnership.yaml, cannot be used; the message says which file and what to do."""


@dataclass(frozen=True)
class PartnershipFolder:
    """A partnership's folder on disk."""

    root: Path

    def settings(self) -> "Settings":
        """Return what partnership.yaml says.

        Raises:
            FolderError: there is no such file, or it says something that nobody understands.
        """
        # Pydantic is slow to import, and most commands need no settings.
        from pydantic import ValidationError  # noqa: PLC0415

        from sources.partnership.settings import Settings  # noqa: PLC0415

        file = self.root / SETTINGS
        try:
            said = from_yaml(file.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise FolderError(
                f"{file}: missing. A partnership's folder has this file, with at least a line such as "
                f"`name: Charnwood Community Safety Partnership`. {VARIABLE} names the folder."
            ) from error
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise FolderError(f"{file}: cannot be read as YAML in UTF-8: {' '.join(str(error).split())}") from error
        try:
            return Settings.model_validate(said or {})
        except ValidationError as error:
            known = ", ".join(Settings.model_fields)
            mistakes = "; ".join(
                f"{'.'.join(map(str, one['loc'])) or 'the file'}: {_in_words(one['type'], one['msg'])}"
                for one in error.errors()
            )
            raise FolderError(f"{file}: {mistakes}. The keys are {known}.") from error

    def plans(self) -> Sequence[Path]:
        """Return the folder of each plan in force, in the order of their names.

        Raises:
            FolderError: a plan in force has no folder.
        """
        in_force = self.settings().plans_in_force
        folders = {one.name: one for one in sorted((self.root / "plans").glob("*")) if _is_a_plan(one)}
        if in_force is None:
            return list(folders.values())
        for plan in in_force:
            if plan not in folders:
                raise FolderError(
                    f"{self.root / SETTINGS}: plans_in_force: {plan} is no folder of {self.root / 'plans'}, which has "
                    f"{', '.join(folders) or 'none'}."
                )
        return [folders[plan] for plan in sorted(set(in_force))]

    def files(self) -> list[Path]:
        """Return every file that decides a figure or a word, but hidden ones: settings, plans, catalogue, contracts."""
        patterns = (SETTINGS, "plans/*/*.csv", "catalogue/*.csv", "contracts/*/*.yaml")
        inside = [file for pattern in patterns for file in self.root.glob(pattern)]
        return sorted(file for file in inside if file.is_file() and not file.name.startswith("."))


def _in_words(kind: str, message: str) -> str:
    return {"extra_forbidden": "is no key", "missing": "is missing"}.get(kind, message)


def _is_a_plan(folder: Path) -> bool:
    return folder.is_dir() and not folder.name.startswith((".", "_"))


def partnership_folder() -> PartnershipFolder:
    """Return the folder that CSP_PARTNERSHIP names, else `partnership/` beside the product, else the shipped one.

    Raises:
        FolderError: CSP_PARTNERSHIP names no folder.
    """
    named = os.environ.get(VARIABLE)
    if named:
        root = Path(named).expanduser().absolute()
        if not root.is_dir():
            raise FolderError(f"{VARIABLE} is {named}, which is no folder. Name the partnership's folder, or unset it.")
        return PartnershipFolder(root)
    beside = PROJECT / "partnership"
    return PartnershipFolder(beside if beside.is_dir() else SHIPPED)

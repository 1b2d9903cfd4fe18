"""What the product itself rests on: its packages, the data folder, the partnership, contracts and the dbt project."""

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from orchestration import room
from orchestration.dbt.project import prepare_manifest
from orchestration.doctor.broken import BrokenError
from orchestration.provenance import PROJECT_ROOT
from orchestration.spark.engine import require_engine
from sources.contract.load import load_contracts
from sources.folder import rights
from sources.folder.data_folder import DataFolder
from sources.folder.format import format_of
from sources.ledger.migrations import told_of_format
from sources.partnership.check import check, told
from sources.partnership.folder import partnership_folder
from sources.partnership.for_models import require_own


def environment(_: DataFolder) -> str:
    """Compare the installed packages with the lock, and see that the engine that is asked for can run."""
    require_engine()
    differing = []
    count = 0
    for line in (PROJECT_ROOT / "requirements.lock").read_text().splitlines():
        if not line[:1].isalnum():
            continue
        wanted = Requirement(line.removesuffix("\\"))
        if wanted.marker and not wanted.marker.evaluate():
            continue
        count += 1
        try:
            installed = version(wanted.name)
        except PackageNotFoundError:
            installed = "missing"
        if installed not in wanted.specifier:
            differing.append(f"{wanted.name} is {installed}, locked {wanted.specifier}")
    if differing:
        raise BrokenError(f"{len(differing)} package(s) not as locked: {'; '.join(differing[:3])}. Run `make setup`")
    return f"Python {sys.version.split()[0]}, {count} packages as in requirements.lock"


def data_folder(folder: DataFolder) -> str:
    """See that the data folder can be written, has room, and shows others nothing that is not for them."""
    if not folder.root.is_dir():
        raise BrokenError(f"{folder.root} does not exist: run `csp samples` or set CSP_DATA_DIR")
    if not os.access(folder.root, os.W_OK):
        raise BrokenError(f"{folder.root} cannot be written by this user: `chown` it, or run as its owner")
    if lacking := room.lack_of_room(folder.root):
        raise BrokenError(lacking)
    _require_rights(folder)
    return f"{folder.root}, {room.free_in(folder.root) / 1e9:.0f} GB free"


def form(folder: DataFolder) -> str:
    """Say of which form the data folder is: what an earlier version left works, what a newer one wrote does not."""
    return told_of_format(folder) or f"{format_of(folder)}, as this version writes it"


def partnership(folder: DataFolder) -> str:
    """Say which partnership's folder is in use, and check it."""
    own = partnership_folder()
    problems = check(own).problems
    if problems:
        raise BrokenError(f"{told(problems)} in {own.root}: `csp plan check` names them")
    require_own(folder, own)
    in_force = ", ".join(plan.name for plan in own.plans()) or "no plan"
    return f"{own.settings().name}, {own.root}; in force: {in_force}"


def contracts(_: DataFolder) -> str:
    """Read every contract."""
    known = load_contracts()
    return f"{len(known)} feeds in {sum(len(contract.documents) for contract in known.values())} contracts"


def dbt_project(folder: DataFolder) -> str:
    """Parse the dbt project where it has changed since."""
    return f"parses, {Path(prepare_manifest(folder)).name}"


def _require_rights(folder: DataFolder) -> None:
    changes = {rights.OWNER_ALONE: "go=", rights.OWNER_AND_GROUP: "g-w,o="}
    remedies: dict[str, list[str]] = {}
    for path, allowed in rights.too_open(folder):
        remedies.setdefault(changes.get(allowed, "go-w"), []).append(str(path))
    if remedies:
        told = "; ".join(f"`chmod {change} {' '.join(paths)}`" for change, paths in remedies.items())
        raise BrokenError(f"others can read or write what they may not: {told}, or run `csp nightly`")
    if closed := rights.closed_to_readers(folder):
        raise BrokenError(f"nobody but you can open a release: `chmod 755 {' '.join(map(str, closed))}`")

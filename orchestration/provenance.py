"""Which code computes the figures: digests of the rules, the git commit, the versions of what runs them."""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from sources.partnership.folder import FolderError, PartnershipFolder, partnership_folder

PROJECT_ROOT = Path(__file__).resolve().parents[1]
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"
PACKAGE = "csp-indicator-warehouse"
_LEFT_OUT = {"target", "logs", "dbt_packages", "__pycache__"}


def digest_of_files(root: Path, files: Iterable[Path]) -> str:
    """Return the sha256 over the names (relative to `root`) and bytes of `files`, whatever their order."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.parts):  # as paths sort, and faster
        digest.update(file.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files_of(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in _LEFT_OUT:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files_of(Path(entry.path))
            elif entry.is_file() and not entry.name.startswith("."):
                yield Path(entry.path)


def dbt_project_digest() -> str:
    """Return the digest of the dbt project and of the dbt that reads it."""
    versions = "|".join(f"{name} {version(name)}" for name in ("dbt-core", "dbt-duckdb"))
    files = digest_of_files(DBT_PROJECT_DIR, _files_of(DBT_PROJECT_DIR))
    return hashlib.sha256(f"{versions}|{files}".encode()).hexdigest()


def rules_digest() -> str:
    """Return the digest of everything that decides what a release says, as it is now.

    Models, contracts, suites and the partnership's folder. A run computes with LOADED_RULES.
    """
    product = digest_of_files(PROJECT_ROOT, _rule_files())
    partnership = _partnership()
    own = digest_of_files(partnership.root, partnership.files()) if partnership else ""
    return hashlib.sha256(f"{product}|{own}".encode()).hexdigest()


def digests_of_rules() -> dict[str, str]:
    """Return the sha256 of each file that decides what a release says, by its name in the product or partnership."""
    partnership = _partnership()
    own = {file.relative_to(partnership.root): file for file in partnership.files()} if partnership else {}
    files = {**{file.relative_to(PROJECT_ROOT): file for file in _rule_files()}, **own}
    return {name.as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for name, file in sorted(files.items())}


def _rule_files() -> list[Path]:
    rooms = [DBT_PROJECT_DIR, PROJECT_ROOT / "sources", PROJECT_ROOT / "expectations"]
    left_out = PROJECT_ROOT / "sources" / "partnerships"  # of these one is in use
    return [
        file for room in rooms for file in _files_of(room) if file.suffix != ".zip" and left_out not in file.parents
    ]


def _partnership() -> PartnershipFolder | None:
    """Return the partnership's folder; None where the environment names none that is there, which the night tells."""
    try:
        return partnership_folder()
    except FolderError:
        return None


def _states() -> dict[Path, tuple[int, int, int]]:
    """Return what tells that a file of the rules was written since, were it with the same bytes."""
    partnership = _partnership()
    states = {file: file.stat() for file in [*_rule_files(), *(partnership.files() if partnership else [])]}
    return {file: (state.st_mtime_ns, state.st_size, state.st_ino) for file, state in states.items()}


# Read when this module is, before contracts, suites and manifest are loaded: what a run computes with is what these
# files hold as long as they stay as they are.
_STATES_AS_LOADED = _states()
LOADED_RULES = rules_digest()


def rules_are_as_loaded() -> bool:
    """Return whether nobody has written to a model, contract or suite since this process read them."""
    return _states() == _STATES_AS_LOADED and rules_digest() == LOADED_RULES


def git_commit() -> str | None:
    """Return the commit of the code, with `+changes` where the checkout differs from it; None outside git."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--dirty=+changes", "--exclude=*"],
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return described.stdout.strip()


def package_version() -> str:
    """Return the version of this package."""
    return version(PACKAGE)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide figures."""
    packages = (PACKAGE, "duckdb", "dbt-core", "dbt-duckdb", "dagster", "great-expectations")
    return {"python": python_version(), **{package: version(package) for package in packages}}

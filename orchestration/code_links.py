"""Code links of assets: to the host of the repository where git names one that Dagster knows, else to local files."""

import re
import subprocess
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dagster import (
    AnchorBasedFilePathMapping,
    AssetsDefinition,
    BetaWarning,
    link_code_references_to_git,
    with_source_code_references,
)

from orchestration.provenance import PROJECT_ROOT

# git@host:owner/name.git, ssh://git@host:22/owner/name, https://user:token@host/owner/name.git
_REMOTE = re.compile(r"(?:[a-z+]+://)?(?:[^@/]+@)?(?P<host>[\w.-]+)(?::\d+)?[:/]+(?P<path>[\w./~-]+?)(?:\.git)?/?")
_KNOWN_HOSTS = ("github", "gitlab")


@dataclass(frozen=True)
class Repository:
    """Where the checkout's code can be read by others: the address of the repository, and the commit."""

    address: str
    commit: str
    root: Path

    @property
    def commit_page(self) -> str:
        """Return the address of the page that shows the commit."""
        return f"{self.address}/commit/{self.commit}"


def hosted_repository(checkout: Path = PROJECT_ROOT) -> Repository | None:
    """Return the repository that the remote `origin` names; None outside git, without one, or with another host."""
    remote, commit, root = (
        _git(checkout, *arguments)
        for arguments in (("remote", "get-url", "origin"), ("rev-parse", "HEAD"), ("rev-parse", "--show-toplevel"))
    )
    address = web_address(remote or "")
    return Repository(address, commit, Path(root)) if address and commit and root else None


def web_address(remote: str) -> str | None:
    """Return the address at which a browser finds a git remote, without user or token; None for no host we know."""
    found = _REMOTE.fullmatch(remote)
    if not found or not any(known in found["host"] for known in _KNOWN_HOSTS):
        return None
    return f"https://{found['host']}/{found['path']}"


def with_code_links(
    steps: Sequence[AssetsDefinition], models: Sequence[AssetsDefinition], repository: Repository | None
) -> list[AssetsDefinition]:
    """Return the assets with links to their code; models have links to their files already."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BetaWarning)  # code links may change in a minor version; we pin it
        linked = [*with_source_code_references(steps), *models]
        if repository:
            hosted = link_code_references_to_git(
                linked,
                git_url=repository.address,
                git_branch=repository.commit,
                file_path_mapping=AnchorBasedFilePathMapping(repository.root, "."),
            )
            return [one for one in hosted if isinstance(one, AssetsDefinition)]
    return [one for one in linked if isinstance(one, AssetsDefinition)]


def _git(checkout: Path, *arguments: str) -> str | None:
    try:
        said = subprocess.run(["git", *arguments], cwd=checkout, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return said.stdout.strip()

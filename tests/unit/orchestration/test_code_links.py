"""Code links lead to the host of the repository where the git remote names one, and to local files otherwise."""

import subprocess
from pathlib import Path

import pytest
from dagster import CodeReferencesMetadataValue, LocalFileCodeReference, UrlCodeReference, asset

from orchestration.code_links import Repository, hosted_repository, web_address, with_code_links

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@github.com:safer/indicators.git", "https://github.com/safer/indicators"),
        (
            "https://me:secret@gitlab.example.org/county/data/indicators.git",
            "https://gitlab.example.org/county/data/indicators",
        ),
        ("ssh://git@gitlab.com:22/safer/indicators", "https://gitlab.com/safer/indicators"),
        ("/srv/git/indicators.git", None),
        ("https://code.example.org/indicators", None),
        ("", None),
    ],
)
def test_a_remote_is_an_address_of_a_host_that_is_known(remote: str, address: str | None) -> None:
    assert web_address(remote) == address


def test_a_checkout_without_a_remote_has_no_host(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    assert hosted_repository(tmp_path) is None
    git("init")
    git("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--allow-empty", "-m", "first")
    assert hosted_repository(tmp_path) is None
    git("remote", "add", "origin", "git@github.com:safer/indicators.git")
    found = hosted_repository(tmp_path)
    assert found is not None
    assert found.commit_page.startswith("https://github.com/safer/indicators/commit/")
    assert found.root == tmp_path


def link_of(repository: Repository | None) -> LocalFileCodeReference | UrlCodeReference:
    @asset
    def figures() -> None: ...

    [linked] = with_code_links([figures], [], repository)
    found = linked.metadata_by_key[figures.key]["dagster/code_references"]
    assert isinstance(found, CodeReferencesMetadataValue)
    return found.code_references[0]


def test_links_lead_to_the_commit_on_the_host_or_else_to_the_file() -> None:
    here = Path(__file__)
    local = link_of(None)
    assert isinstance(local, LocalFileCodeReference)
    assert local.file_path == str(here)
    hosted = link_of(Repository("https://github.com/safer/indicators", COMMIT, here.parents[3]))
    assert isinstance(hosted, UrlCodeReference)
    place = f"https://github.com/safer/indicators/tree/{COMMIT}/tests/unit/orchestration/{here.name}#L"
    assert hosted.url.startswith(place)

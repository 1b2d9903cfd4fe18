"""What README and docs name is there: files, tables, commands."""

import re
from pathlib import Path

import pytest
import typer

from docs.dictionary_page import described
from docs.generate import pages
from docs.markdown import COMMAND, ROOT
from orchestration.cli.main import app

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
TOP = ("orchestration/", "dbt_project/", "sources/", "expectations/", "tests/", "docs/", "benchmarks/")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_paths_exist(document: Path) -> None:
    text = document.read_text()
    named = re.findall(r"`([\w./-]+)`", text) + re.findall(r"\]\(([\w./-]+)\)", text)
    missing = [
        path
        for path in named
        if (path.startswith(TOP) or path.endswith(".md"))
        and not (ROOT / path).exists()
        and not (document.parent / path).exists()
    ]
    assert missing == []
    assert re.findall(r"^(?:<<<<<<<|=======|>>>>>>>).*", text, flags=re.MULTILINE) == [], "a merge left its marks"


def headings(text: str) -> set[str]:
    """Return the anchors of a document: of its headings, as a forge makes them, and those that it names itself."""
    titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def test_links_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", document.read_text()):
            page = document.parent / target if target else document
            assert page.exists(), f"{document.name}: {target}"
            assert not anchor or anchor in headings(page.read_text()), f"{document.name}: {target}#{anchor}"


def test_models_and_seeds_exist() -> None:
    models = {path.stem for path in (ROOT / "dbt_project").rglob("*.sql")}
    named = {name for one in DOCUMENTS for name in re.findall(r"`((?:stg|int)_\w+)`", one.read_text())}
    assert named - models == set()


def test_every_command_is_in_the_list_of_commands_and_none_else() -> None:
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    listed, readme = (
        set(re.findall(r"^\| `csp (\w+)", (ROOT / page).read_text(), flags=re.MULTILINE))
        for page in ("docs/commands.md", "README.md")
    )
    assert listed == commands
    assert readme <= commands


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = {name for one in DOCUMENTS for name in re.findall(r"(?:`|^)make ([a-z-]+)", one.read_text(), flags=re.M)}
    assert {"nightly", "test", "check"} <= named <= targets


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_generated_pages_are_those_of_the_data(page: Path) -> None:
    same = page.exists() and page.read_text() == pages()[page]
    assert same, f"docs/{page.name} is not what the seeds and marts give. Run: {COMMAND}"


def test_every_mart_is_published_and_in_the_list_of_tables() -> None:
    marts = {path.stem for path in (ROOT / "dbt_project" / "models" / "marts").rglob("*.sql")}
    _, exposures = described()
    [release] = [exposure for exposure in exposures if exposure["name"] == "published_release"]
    table = (ROOT / "docs" / "tables.md").read_text()
    named = {
        name for line in re.findall(r"^\| (`.+?) \|", table, flags=re.MULTILINE) for name in re.findall(r"\w+", line)
    }
    assert marts == {re.sub(r"""^ref\(['"](\w+)['"]\)$""", r"\1", each) for each in release["depends_on"]} == named


def test_every_feed_is_in_the_lists_of_feeds_and_of_file_names() -> None:
    contracts = (ROOT / "sources" / "contracts").rglob("*.odcs.yaml")
    documents = {f"{path.parent.name}/{path.name.removesuffix('.odcs.yaml')}" for path in contracts}
    feeds = [document for document in documents if "." not in document]
    listed = re.findall(r"^\| `(\w+/\w+)` \|", (ROOT / "docs" / "feeds.md").read_text(), flags=re.MULTILINE)
    named = re.findall(r"^\| `(\w+/[\w.]+)` \|", (ROOT / "docs" / "contracts.md").read_text(), flags=re.MULTILINE)
    assert sorted(listed) == sorted(feeds)
    assert sorted(named) == sorted(documents)

"""The pages of a release read what was written of it, are covered by its manifest, and are found by `csp report`."""

import errno
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration import mending, releases
from orchestration.cli.main import app
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.warehouse import EXACT, TABLES, Published, facts, overwrite

READ = "select current_setting('timezone'), current_setting('temp_directory'), max(note) from indicator_values"


def write_pages(tables: duckdb.DuckDBPyConnection, previous: str | None, target: Path) -> None:
    target.mkdir()
    row = tables.execute(READ).fetchone()
    assert row is not None
    (target / "index.html").write_text("\n".join(row))
    before = tables.execute("select max(note) from previous.indicator_values").fetchone() if previous else None
    (target / "before.txt").write_text(f"{previous} {before[0] if before else None}")


def csp(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["report", *arguments])
    return result.exit_code, result.output.replace("\n", "")


@pytest.fixture
def pair(tmp_path: Path, shared: DataFolder, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A release and its twin for partners, current, with a report each."""
    folder = DataFolder(tmp_path / "data")
    folder.root.mkdir()
    shutil.copy(shared.warehouse, folder.warehouse)
    monkeypatch.setenv("CSP_DATA_DIR", str(folder.root))
    told = replace(facts(), write_pages=write_pages)
    releases.publish(folder, releases.build_release(folder, folder.warehouse, TABLES, told, EXACT).release_id, "test")
    return folder


def test_each_report_reads_its_own_tables_as_the_store_reads_them(pair: DataFolder) -> None:
    shown = []
    for release in (pair.releases / "2022-03-31.1", pair.partners / "2022-03-31.1"):
        zone, spill, note = (release / "report" / "index.html").read_text().split("\n")
        with duckdb.connect(str(release / "indicators.duckdb"), read_only=True) as tables:
            assert (note,) == tables.execute("select max(note) from indicator_values").fetchone()
        assert (zone, spill) == ("UTC", str(pair.spill))
        shown.append(note)
    assert shown[0] != shown[1]


def test_pages_are_given_what_readers_saw_before(pair: DataFolder) -> None:
    def told(release: str, of: Path) -> tuple[str, str]:
        found, note = (of / release / "report" / "before.txt").read_text().split(" ", 1)
        return found, note

    def note_of(release: Path) -> tuple:
        with duckdb.connect(str(release / "indicators.duckdb"), read_only=True) as tables:
            return tables.execute("select max(note) from indicator_values").fetchone() or ()

    assert told("2022-03-31.1", pair.releases)[0] == "None"
    again = releases.build_release(pair, pair.warehouse, TABLES, replace(facts(), write_pages=write_pages), EXACT)
    for store in (pair.releases, pair.partners):
        assert told(again.release_id, store) == ("2022-03-31.1", *note_of(store / "2022-03-31.1"))
    releases.publish(pair, again.release_id, "test")
    overwrite(pair.releases / again.release_id / "indicators.duckdb", b"x")
    third = releases.build_release(pair, pair.warehouse, TABLES, replace(facts(), write_pages=write_pages), EXACT)
    assert told(third.release_id, pair.releases)[0] == "None"
    assert told(third.release_id, pair.partners)[0] == again.release_id


def test_a_page_that_was_changed_is_found(pair: DataFolder) -> None:
    assert releases.verify(pair, "2022-03-31.1") == []
    overwrite(pair.releases / "2022-03-31.1" / "report" / "index.html", b"x")
    assert [(one.kind, one.where) for one in releases.verify(pair, "2022-03-31.1")] == [
        ("altered", "report/index.html")
    ]


def test_the_command_says_where_each_is(pair: DataFolder) -> None:
    pages = Path("2022-03-31.1", "report", "index.html")
    assert csp() == csp("2022-03-31.1") == (0, str(pair.releases / pages))
    assert csp("--partners") == (0, str(pair.partners / pages))


def test_pages_for_print_become_one_pdf(pair: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("weasyprint", reason="an extra", exc_type=(ImportError, OSError))
    monkeypatch.chdir(tmp_path)
    for arguments, name in (
        (("--pdf",), "report-2022-03-31.1.pdf"),
        (("--pdf", "--partners"), "report-2022-03-31.1-partners.pdf"),
        (("--to", "meeting.pdf"), "meeting.pdf"),
    ):
        assert csp(*arguments) == (0, str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(b"%PDF")
    code, output = csp("--to", "no/such/folder/meeting.pdf")
    assert (code, "No such file or directory" in output) == (1, True)


def test_without_what_draws_a_pdf_a_sentence_says_what_to_install(
    pair: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    code, output = csp("--pdf")
    assert (code, "WeasyPrint is not installed: `pip install weasyprint`" in output) == (1, True)
    monkeypatch.delitem(sys.modules, "weasyprint")
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.syspath_prepend(tmp_path)
    code, output = csp("--pdf")
    assert (code, "apt-get install libpango" in output) == (1, True)
    assert not list(tmp_path.glob("*.pdf"))


def test_the_command_says_what_is_missing(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(published[0].root))
    for arguments, said in (
        ((), "was made without a report"),
        (("--partners",), "has no twin"),
        (("x",), "no release"),
    ):
        code, output = csp(*arguments)
        assert (code, said in output) == (1, True), output


def test_a_data_folder_on_a_read_only_disk_is_looked_at_and_not_mended(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: DataFolder) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(folder.writer_lock))

    monkeypatch.setattr(mending, "writer_lock", refused)
    assert mending.mended(published[0]) == []


def test_a_report_that_cannot_be_made_publishes_nothing_and_says_whose_fault_it_is(
    tmp_path: Path, shared: DataFolder
) -> None:
    def broken(tables: duckdb.DuckDBPyConnection, previous: str | None, target: Path) -> None:
        tables.execute("select nothing")

    folder = DataFolder(tmp_path / "data")
    folder.root.mkdir()
    shutil.copy(shared.warehouse, folder.warehouse)
    with pytest.raises(releases.ReleaseError, match=r"report of release .* cannot be made: BinderException"):
        releases.build_release(folder, folder.warehouse, TABLES, replace(facts(), write_pages=broken))
    assert releases.list_releases(folder) == []

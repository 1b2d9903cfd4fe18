"""What `csp` says, and with which exit code it ends."""

import stat
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.provenance import git_commit
from sources.contract import load as contract
from sources.contract.load import ContractError, load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger
from tests.unit.sources.test_ledger import FACTS


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "data"))


def test_help_is_quick_because_it_imports_neither_dagster_nor_pandas() -> None:
    seen = "import sys, orchestration.cli.main; print({'dagster', 'dbt', 'pandas', 'pydantic'} & sys.modules.keys())"
    assert subprocess.check_output([sys.executable, "-c", seen], text=True) == "set()\n"


def test_the_version_is_that_of_the_package_and_of_the_checkout() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (
        0,
        f"csp-indicator-warehouse {version('csp-indicator-warehouse')}, {git_commit()}\n",
    )


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("nightly", "--as-at", "tomorrow"), 2, "give an ISO date such as 2022-03-31"),
        (("query", "select 1"), 1, "run `csp nightly`"),
        (("verify", "2022-03-31.7"), 1, "2022-03-31.7"),
        (("rollback", "2022-03-31.7"), 1, "csp nightly"),
        (("trace", "OD-BURGLARY", "E07000133", "2021/22"), 1, "run `csp nightly`"),
    ],
)
def test_commands_say_what_to_do(arguments: tuple[str, ...], exit_code: int, said: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == exit_code
    assert said in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_a_data_folder_that_cannot_be_made_ends_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "file" / "data"))
    ended = subprocess.run(
        [sys.executable, "-m", "orchestration.cli.main", "rejected"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr[:8], ended.stderr.count("\n")) == (1, "failed: ", 1)


def test_an_unknown_feed_is_an_error_that_lists_the_known_ones() -> None:
    result = CliRunner().invoke(app, ["rejected", "--feed", "police/street_crimes"])
    assert result.exit_code == 2
    assert "'police/street_crimes' is no feed. Known are: " in result.stderr
    assert all(key in result.stderr for key in load_contracts())
    assert CliRunner().invoke(app, ["rejected", "--feed", "police/street_crime"]).exit_code == 0


@pytest.mark.parametrize("before", [None, 0o644])
def test_exported_rows_are_for_their_owner_alone(tmp_path: Path, before: int | None) -> None:
    out = tmp_path / "rows.csv"
    if before:
        out.write_text("x" * 1000)
        out.chmod(before)
    assert CliRunner().invoke(app, ["rejected", "--out", str(out)]).exit_code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_text().splitlines() == [
        "file_name,file_sha256,row_number,column_name,value,rule,reason,record",
    ]
    assert CliRunner().invoke(app, ["rejected", "--out", "/dev/null"]).exit_code == 0


def test_contracts_are_listed() -> None:
    result = CliRunner().invoke(app, ["contracts"])
    assert result.exit_code == 0
    listed = [line.split()[0] for line in result.stdout.splitlines()]
    assert listed == [one.document_id for feed in load_contracts().values() for one in feed.documents]


def test_a_mistake_in_a_contract_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> None:
        raise ContractError("x.odcs.yaml: id: is wrong. Correct it.")

    monkeypatch.setattr(contract, "load_contracts", wrong)
    result = CliRunner().invoke(app, ["contracts"])
    assert (result.exit_code, result.stderr) == (1, "x.odcs.yaml: id: is wrong. Correct it.\n")


def test_hashing_anew_says_what_it_did() -> None:
    result = CliRunner().invoke(app, ["rehash"])
    assert (result.exit_code, result.stdout[:10]) == (0, "0 deliveri")


def test_withdrawing_says_what_stands_and_asks_where_it_is_not_clear() -> None:
    ledger = Ledger(DataFolder.from_environment())
    for sha256, name in (("a", "x.csv"), ("b", "x.csv"), ("c", "y.csv")):
        ledger.append_receipt(**{**FACTS, "file_sha256": sha256 * 64, "file_name": name})

    def withdraw(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["withdraw", *arguments])

    result = withdraw("x.csv", "--reason", "wrong")
    assert result.exit_code == 2
    assert "give the receipt number:\n  receipt 1: police/street_crime, x.csv" in result.stderr
    assert withdraw("z.csv", "--reason", "wrong").exit_code == 2
    assert withdraw("y.csv", "--reason", " ").exit_code == 2
    result = withdraw("y.csv", "--reason", "wrong")
    assert (result.exit_code, "for its period stands receipt 2, x.csv" in result.stdout) == (0, True)
    result = withdraw("3", "--reason", "again")
    assert (result.exit_code, "withdrawn already" in result.stdout) == (0, True)

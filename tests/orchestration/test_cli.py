"""`csp` commands on contracts and rejected rows, without Dagster."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from sources import contract
from sources.contract import ContractError, load_contracts


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "data"))


def test_an_unknown_feed_is_an_error_that_lists_the_known_ones() -> None:
    result = CliRunner().invoke(app, ["rejected", "--feed", "police/street_crimes"])
    assert result.exit_code == 2
    assert "'police/street_crimes' is no feed. Known are: " in result.stderr
    assert all(key in result.stderr for key in load_contracts())
    assert CliRunner().invoke(app, ["rejected", "--feed", "police/street_crime"]).exit_code == 0


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

"""Settings are off until someone writes them, hold no secret, and a mistake in them is named."""

from pathlib import Path

import pytest

from orchestration.alerts.settings import AlertSettingsError, Event, Secret, alert_settings
from sources.folder.data_folder import DataFolder
from tests.mail_server import email

from .conftest import Configure


def test_alerts_are_off_until_someone_writes_them(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert alert_settings(folder) is None
    monkeypatch.setenv("CSP_ALERTS", "")
    assert alert_settings(folder) is None, "an empty variable names no file"
    monkeypatch.setenv("CSP_PARTNERSHIP", str(tmp_path))
    of_partnership = tmp_path / "alerts.yaml"
    of_partnership.write_text("name: Melton\n")
    assert alert_settings(folder) is None, "a file about other things asks for no alert"
    of_partnership.write_text("name: Melton\nalerts: {channels: [{kind: slack, url: {environment: SLACK}}]}\n")
    settings = alert_settings(folder)
    assert settings is not None
    assert list(settings.labelled()) == ["slack"]
    assert settings.channels[0].wants(Event.held)
    (folder.root / "alerts.yaml").write_text("alerts: {channels: [{kind: teams, url: {environment: TEAMS}}]}\n")
    nearer = alert_settings(folder)
    assert nearer is not None
    assert list(nearer.labelled()) == ["teams"]
    monkeypatch.setenv("CSP_ALERTS", str(tmp_path / "none.yaml"))
    with pytest.raises(AlertSettingsError, match=r"none\.yaml cannot be read"):
        alert_settings(folder)


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        ({"kind": "pigeon"}, "'kind'.*'email', 'slack', 'teams', 'apprise'"),
        ({**email(25), "port": "x"}, r"channels\.0\.email\.port: .*valid integer"),
        (email(25, to=[]), r"channels\.0\.email\.to: .*at least 1"),
        (email(25, events=["held", "helt"]), r"events.*'held', 'failed'"),
        (email(25, password="hunter2"), r"password"),
        (email(25, password={"environment": "X", "file": "y"}), "not the secret itself"),
        (email(25, user="u", password={"environment": "X"}), "encrypted connection alone"),
    ],
)
def test_a_mistake_is_named_and_the_secret_in_it_is_not(
    folder: DataFolder, configure: Configure, channel: dict[str, object], told: str
) -> None:
    configure(channel)
    with pytest.raises(AlertSettingsError, match=told) as raised:
        alert_settings(folder)
    assert "hunter2" not in str(raised.value)


def test_channels_of_one_name_and_no_yaml_are_mistakes(folder: DataFolder, configure: Configure) -> None:
    configure(email(25), email(26))
    with pytest.raises(AlertSettingsError, match="several channels are called email"):
        alert_settings(folder)
    (folder.root / "alerts.yaml").write_text("alerts: [")
    with pytest.raises(AlertSettingsError, match="is no YAML"):
        alert_settings(folder)


def test_a_secret_stands_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    assert Secret(file=tmp_path / "secret").read() == "s3cret"
    with pytest.raises(AlertSettingsError, match="cannot be read"):
        Secret(file=tmp_path / "none").read()
    monkeypatch.setenv("WHERE", " s3cret ")
    assert Secret(environment="WHERE").read() == "s3cret"
    monkeypatch.delenv("WHERE")
    with pytest.raises(AlertSettingsError, match="the variable WHERE is not set"):
        Secret(environment="WHERE").read()

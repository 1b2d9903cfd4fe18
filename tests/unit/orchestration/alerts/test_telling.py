"""Messages go to real servers on this machine; what a server does not take waits in the outbox for the next night."""

import json
import socket
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope, Session
from typer.testing import CliRunner

from orchestration import doctor
from orchestration.alerts import tell
from orchestration.alerts.facts import NightEnd
from orchestration.alerts.message import Section
from orchestration.alerts.outbox import GIVEN_UP_AFTER, KEPT, Outbox, OutboxError, read_outbox
from orchestration.alerts.settings import AlertSettingsError, Event
from orchestration.alerts.tell import tell_of_a_night, tell_once
from orchestration.cli.main import app
from orchestration.doctor import BrokenError
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger
from tests.mail_server import MailServer, email, free_port, serving
from tests.unit.sources.test_ledger import FACTS

from .conftest import PASSWORD, USER, Configure, WebServer

HELD = [NightEnd("held", "1 check(s) failed: a on marts/b", date(2026, 11, 27), "r")]
FAILED = [NightEnd("failed", "ledger: damaged", date(2026, 11, 28), "s")]


def test_nobody_is_told_until_someone_asks_for_it(folder: DataFolder) -> None:
    assert tell_of_a_night(folder, HELD) == []
    assert not folder.alerts.exists()
    assert doctor.alerts(folder).startswith("off: ")


def test_a_mail_arrives_with_the_reason_and_a_reminder(
    folder: DataFolder, configure: Configure, mail: MailServer
) -> None:
    Ledger(folder).append_receipt(**FACTS)
    configure(email(mail.port, to=["a@example.org", "b@example.org"]), name="Melton", agencies={"police": "p@police"})
    assert tell_of_a_night(folder, HELD) == ["alerts by email: 1 of 1 sent"]
    ((sender, to, sent),) = mail.envelopes
    assert (sender, to) == ("night@example.org", ["a@example.org", "b@example.org"])
    assert sent["Subject"] == "Melton: held; 1 supplier late"
    body = sent.get_body(("plain",))
    assert body is not None
    assert "1 check(s) failed: a on marts/b" in body.get_content()
    (letter,) = [part.get_content() for part in sent.iter_attachments()]
    assert (letter["To"], letter["X-Unsent"]) == ("p@police", "1")
    assert letter["Subject"].startswith("Overdue: Street-level crime")
    assert stat.S_IMODE(folder.outbox.stat().st_mode) == 0o600
    assert doctor.alerts(folder).startswith("by email; last sent 20")


def test_a_message_is_in_the_outbox_before_it_is_sent(folder: DataFolder, configure: Configure) -> None:
    """A night that dies while it sends has said what it had to say."""
    seen: list[dict[str, str]] = []

    class Looking(MailServer):
        async def handle_DATA(self, server: object, session: Session, envelope: Envelope) -> str:
            seen.extend(message.waiting for message in read_outbox(folder).messages)
            return "250 OK"

    server = Looking(free_port())
    configure(email(server.port))
    controller = serving(server)
    controller.start()
    tell_of_a_night(folder, HELD)
    controller.stop()
    assert seen == [{"email": ""}]


def test_of_a_sender_nothing_is_told(folder: DataFolder, configure: Configure, web: WebServer) -> None:
    named = {"file_name": "JANE DOE.csv", "landing_path": "police/street_crime/JANE DOE.csv", "supplier": "jane-doe"}
    for number in (1, 2):
        facts = {"file_sha256": f"{number}" * 64, "carries_personal_data": number == 1}
        Ledger(folder).append_receipt(**{**FACTS, **named, **facts})
    folder.quarantine.mkdir()
    folder.quarantined("1" * 64).write_bytes(b"Jane Doe")
    configure(webhook("slack"))
    Path("url").write_text(web.url)
    tell_of_a_night(folder, HELD)
    (posted,) = web.posted
    assert "receipt 1" in posted["text"]
    assert "jane" not in json.dumps(posted).casefold()


def webhook(kind: str, **others: object) -> dict[str, object]:
    return {"kind": kind, "url": {"file": "url"}, **others}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_webhooks_take_the_form_of_each_service(folder: DataFolder, configure: Configure, web: WebServer) -> None:
    configure(webhook("slack"), webhook("teams"), webhook("slack", name="late alone", events=["late"]))
    Path("url").write_text(web.url)
    ends = [NightEnd("held", "<b> & 1 > 0", date(2026, 11, 27))]
    assert tell_of_a_night(folder, ends) == ["alerts by slack: 1 of 1 sent", "alerts by teams: 1 of 1 sent"]
    slack, teams = sorted(web.posted, key=lambda posted: "text" not in posted)
    assert slack["text"].startswith(
        "*Indicator warehouse: held*\nThe night of 27 November 2026 ended held: &lt;b&gt; &amp;"
    )
    (card,) = teams["attachments"]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["content"]["body"][0]["text"] == "Indicator warehouse: held"
    assert "<b> & 1 > 0" in card["content"]["body"][1]["text"]


def test_apprise_reaches_whatever_else(folder: DataFolder, configure: Configure, web: WebServer) -> None:
    configure(webhook("apprise"))
    Path("url").write_text(web.url.replace("http://", "json://"))
    assert tell_of_a_night(folder, HELD) == ["alerts by apprise: 1 of 1 sent"]
    assert web.posted[0]["title"] == "Indicator warehouse: held"
    Path("url").write_text("pigeon://s3cret")
    (told,) = tell_of_a_night(folder, FAILED)
    assert "knows no service" in told
    assert "s3cret" not in told


def test_what_is_not_sent_waits_and_the_next_night_sends_it(
    folder: DataFolder, configure: Configure, web: WebServer
) -> None:
    server = MailServer(free_port())
    configure(email(server.port), webhook("slack"))
    Path("url").write_text(web.url)
    dead, sent = tell_of_a_night(folder, HELD)
    assert dead.startswith("alerts by email: 0 of 1 sent; ConnectionRefusedError")
    assert sent == "alerts by slack: 1 of 1 sent"
    with pytest.raises(BrokenError, match=r"1 message\(s\) wait since 20.*: email, ConnectionRefusedError"):
        doctor.alerts(folder)
    controller = serving(server)
    controller.start()
    try:
        told = tell_of_a_night(folder, FAILED)
    finally:
        controller.stop()
    assert told == ["alerts by email: 2 of 2 sent", "alerts by slack: 1 of 1 sent"]
    assert server.subjects == ["Indicator warehouse: held", "Indicator warehouse: failed"]
    assert len(web.posted) == 2
    assert tell_of_a_night(folder, [NightEnd("published", "x", date(2026, 11, 29))]) == []


def test_a_service_that_refuses_or_has_no_secret_is_told_without_it(
    folder: DataFolder, configure: Configure, web: WebServer
) -> None:
    configure(webhook("slack"))
    (told,) = tell_of_a_night(folder, HELD)
    assert "url cannot be read" in told
    Path("url").write_text(web.url)
    web.status = 500
    (told,) = tell_of_a_night(folder, FAILED)
    assert "HTTP Error 500" in told
    Path("url").write_text("http://hooks.example.org/s3cret")
    (told,) = tell_of_a_night(folder, HELD)
    assert "begins with https://" in told
    Path("url").write_text(f"{web.url} and more")
    (blank,) = tell_of_a_night(folder, HELD)
    assert "InvalidURL" in blank
    Path("url").write_text("https://hooks.example.org/x?sig=s3cret and more")
    (signed,) = tell_of_a_night(folder, FAILED)
    assert "InvalidURL" in signed
    Path("url").write_text("https://[s3cret")
    (no_address,) = tell_of_a_night(folder, HELD)
    assert "ValueError: Invalid IPv6 URL" in no_address
    assert "s3cret" not in told + blank + signed + no_address + folder.outbox.read_text()


def test_a_server_that_says_nothing_delays_a_night_no_longer_than_may_be(
    folder: DataFolder, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tell, "LONGEST_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        configure(email(silent.getsockname()[1]))
        assert tell_of_a_night(folder, HELD) == [
            "alerts by email: 0 of 1 sent; no answer in time: the next night tries again"
        ]
    assert [message.waiting for message in read_outbox(folder).messages] == [{"email": "no answer in time"}]


def test_a_password_goes_over_an_encrypted_connection_to_a_server_that_is_vouched_for(
    folder: DataFolder,
    configure: Configure,
    guarded_mail: tuple[MailServer, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, certificate = guarded_mail
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    configure(email(server.port, security="starttls", user=USER, password={"environment": "MAIL_PASSWORD"}))
    (told,) = tell_of_a_night(folder, HELD)
    assert "CERTIFICATE_VERIFY_FAILED" in told
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("MAIL_PASSWORD", "wr0ng-password")
    (told,) = tell_of_a_night(folder, HELD)
    assert "SMTPAuthenticationError" in told
    assert "wr0ng-password" not in told + folder.outbox.read_text()
    assert server.envelopes == []
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    assert tell_of_a_night(folder, FAILED) == ["alerts by email: 3 of 3 sent"]
    assert server.subjects[-1] == "Indicator warehouse: failed"
    assert PASSWORD not in folder.outbox.read_text()


def test_a_ledger_that_cannot_be_read_is_told_and_what_was_told_is_not_told_again(
    folder: DataFolder, configure: Configure, mail: MailServer
) -> None:
    Ledger(folder).append_receipt(**FACTS)
    configure(email(mail.port))
    tell_of_a_night(folder, HELD)
    whole = folder.receipts.read_bytes()
    folder.receipts.write_bytes(b"\xff garbage\n")
    ended = CliRunner().invoke(app, ["nightly"])
    assert ended.exit_code == 1
    folder.receipts.write_bytes(whole)
    tell_of_a_night(folder, HELD)
    assert mail.subjects == [
        "Indicator warehouse: held; 1 supplier late",
        "Indicator warehouse: failed",
        "Indicator warehouse: held",
    ]
    body = mail.envelopes[1][2].get_body(("plain",))
    assert body is not None
    assert "line 1: cannot be read" in body.get_content()


def test_settings_that_are_wrong_fail_no_night(folder: DataFolder) -> None:
    (folder.root / "alerts.yaml").write_text("alerts: {}")
    ended = CliRunner().invoke(app, ["nightly"])
    assert (ended.exit_code, ended.stdout.splitlines()[-1][:11]) == (0, "nothing new")
    assert "nobody was told: " in ended.stderr
    with pytest.raises(AlertSettingsError, match=r"channels: Field required; see docs/operate\.md"):
        doctor.alerts(folder)


def test_something_is_told_once(folder: DataFolder, configure: Configure, mail: MailServer) -> None:
    configure(email(mail.port))
    section = Section(Event.missing, "no night has begun", "No night.")
    assert tell_once(folder, "missing 2026-11-27", section) == ["alerts by email: 1 of 1 sent"]
    assert tell_once(folder, "missing 2026-11-27", section) == []
    assert tell_once(folder, "missing 2026-11-28", section) != []


def test_a_trial_goes_through_every_channel(folder: DataFolder, configure: Configure, mail: MailServer) -> None:
    assert "alerts are off" in CliRunner().invoke(app, ["alerts"]).stderr
    configure(email(mail.port, events=["late"]), email(free_port(), name="dead"))
    ended = CliRunner().invoke(app, ["alerts", "--try"])
    assert ended.exit_code == 1
    assert mail.subjects == ["Indicator warehouse: a trial"]
    assert "  sent by email, 20" in ended.stdout
    assert "  waits for dead: ConnectionRefusedError" in ended.stdout


def test_what_is_old_or_of_a_channel_that_is_gone_is_given_up(folder: DataFolder) -> None:
    outbox, then = Outbox(), datetime(2026, 11, 1, tzinfo=UTC)
    old = outbox.add([], ["email", "gone"], then)
    new = outbox.add([], ["email"], then + GIVEN_UP_AFTER)
    outbox.give_up(then + GIVEN_UP_AFTER, ["email"])
    assert (old.waiting, old.given_up, new.waiting) == ({"email": ""}, {"gone": "no longer set"}, {"email": ""})
    outbox.give_up(then + GIVEN_UP_AFTER + timedelta(seconds=1), ["email"])
    assert (outbox.waiting(), list(old.given_up)) == ([new], ["gone", "email"])
    for _ in range(KEPT):
        outbox.add([], [], then)
    assert len(outbox.messages) == KEPT
    assert len({message.message_id for message in outbox.messages}) == KEPT
    folder.alerts.mkdir()
    folder.outbox.write_text("{")
    with pytest.raises(OutboxError, match="remove it"):
        read_outbox(folder)


def test_the_owner_of_every_feed_can_be_written_to() -> None:
    assert all(contract.title and contract.owner for contract in load_contracts().values())

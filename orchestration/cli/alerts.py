"""`csp alerts`: what someone was told, what waits, and a trial."""

from typing import Annotated

import typer

from orchestration.cli.console import data_folder, fail, failing_on, say


def alerts(
    trial: Annotated[
        bool, typer.Option("--try", help="Send a message of no importance through every channel.")
    ] = False,
) -> None:
    """List the messages of the last nights and who has them; off until `alerts.yaml` asks for it."""
    from orchestration.alerts.message import subject_of
    from orchestration.alerts.outbox import OutboxError, read_outbox
    from orchestration.alerts.settings import AlertSettingsError, alert_settings, settings_file
    from orchestration.alerts.tell import tell_a_trial

    folder = data_folder()
    with failing_on(AlertSettingsError, OutboxError):
        settings = alert_settings(folder)
        if settings is None:
            raise fail(f"alerts are off: {settings_file(folder)} asks for none; docs/operate.md shows how")
        if trial:
            say(*tell_a_trial(folder))
        outbox = read_outbox(folder)
        for message in outbox.messages:
            say(f"{message.written_at}  {subject_of(settings.name, message.sections)}")
            say(*(f"  sent by {label}, {at}" for label, at in message.sent.items()))
            say(*(f"  waits for {label}: {why or 'not tried yet'}" for label, why in message.waiting.items()))
            say(*(f"  given up by {label}: {why}" for label, why in message.given_up.items()))
        if trial and (waiting := outbox.waiting()):
            raise fail(f"{len(waiting)} message(s) wait; the next night tries again")

"""What a sender wrote cannot steer a terminal or a log."""

import logging

import pytest

from orchestration.cli.console import complain, say
from orchestration.progress import progress_logger, report

NAME = "2021-04\x1b[2J\x07\x9b31m\u202efdp.csv\r\n04:30:00  published\u2028x\udc80é名"
SHOWN = r"2021-04\x1b[2J\x07\x9b31m\u202efdp.csv\r\n04:30:00  published\u2028x\udc80é名"


def test_progress_is_one_line_of_what_can_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger=progress_logger.name):
        report(f"{NAME} 100% taken in")
    assert [record.getMessage() for record in caplog.records] == [f"{SHOWN} 100% taken in"]


def test_so_are_the_lines_of_a_command_though_a_message_may_have_several(capsys: pytest.CaptureFixture[str]) -> None:
    for speak in (say, complain):
        speak(NAME.replace("\n", ""), "first\n\tsecond")
    expected = SHOWN.replace(r"\n", "") + "\nfirst\n\tsecond\n"
    said = capsys.readouterr()
    assert (said.out, said.err) == (expected, expected)

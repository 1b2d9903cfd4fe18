"""`dg`, whose `dev` starts the guarded webserver in place of the bare one; everything else is Dagster's."""

from collections.abc import Sequence
from subprocess import Popen
from typing import Any

from dagster._cli import dev
from dagster_dg_cli.cli import main as dg

WEBSERVER, GUARDED = ["-m", "dagster_webserver"], ["-m", "orchestration.web.server"]


def main() -> None:
    """Run `dg` with the arguments of this process."""
    start = dev.open_ipc_subprocess  # type: ignore[attr-defined]

    def start_guarded(parts: Sequence[str], **options: Any) -> "Popen[Any]":
        program, *rest = parts
        return start([program, *GUARDED, *rest[2:]] if rest[:2] == WEBSERVER else [*parts], **options)

    dev.open_ipc_subprocess = start_guarded  # type: ignore[attr-defined]
    dg()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()

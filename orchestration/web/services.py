"""`dg`, whose `dev` starts the guarded webserver in place of the bare one; everything else is Dagster's."""

import os
from collections.abc import Sequence
from subprocess import Popen
from typing import Any

from dagster._cli import dev
from dagster_dg_cli.cli import main as dg

from orchestration.ui import PATH_VARIABLE

WEBSERVER, GUARDED = ["-m", "dagster_webserver"], ["-m", "orchestration.web.server"]


def guarded(parts: Sequence[str]) -> list[str]:
    """Return the command line of a service of Dagster's, with the guarded webserver in place of the bare one.

    Raises:
        SystemExit: it starts a webserver in a way that is not known here, which would leave it unguarded.
    """
    program, *rest = parts
    if rest[:2] == WEBSERVER:
        path = os.environ.get(PATH_VARIABLE)
        return [program, *GUARDED, *rest[2:], *(["--path-prefix", path] if path else [])]
    if any("webserver" in part for part in rest[:3]):
        raise SystemExit(
            f"failed: this version of Dagster starts its webserver by {' '.join(rest[:3])}, which `csp ui` cannot "
            "guard: install the versions of requirements.lock (`make setup`)"
        )
    return [*parts]


def main() -> None:
    """Run `dg` with the arguments of this process."""
    start = dev.open_ipc_subprocess  # type: ignore[attr-defined]

    def start_guarded(parts: Sequence[str], **options: Any) -> "Popen[Any]":
        return start(guarded(parts), **options)

    dev.open_ipc_subprocess = start_guarded  # type: ignore[attr-defined]
    dg()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()

"""`dagster-webserver` with the guard around it: the same options, and the host names in CSP_UI_HOSTS."""

import os
from typing import Any

from dagster_webserver import cli
from starlette.types import ASGIApp

from orchestration.ui import HOSTS_VARIABLE
from orchestration.web.guard import guarded


def main() -> None:
    """Run the webserver; uvicorn is given the guarded app."""
    hosts = os.environ[HOSTS_VARIABLE].split(",")
    create = cli.create_app_from_workspace_process_context  # type: ignore[attr-defined]

    def create_guarded(*arguments: Any, **options: Any) -> ASGIApp:
        return guarded(create(*arguments, **options), hosts)

    cli.create_app_from_workspace_process_context = create_guarded  # type: ignore[attr-defined, assignment]
    cli.main()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()

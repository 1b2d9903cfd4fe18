"""Builds by dbt of which each but the last is killed, by SIGKILL, in the midst of what it does to the warehouse.

`python -m tests.warehouse.killed_builds MOMENT... -- ARGUMENTS...` runs dbt with these arguments once for each moment,
such as `int_measures__by_delivery: delete from`: a model, and words of a statement of it. A dbt ends as it has executed
that statement, without another word; then one runs to its end. dbt is imported and reads the project once.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from dbt.cli.main import dbtRunner


def killing(model: str, words: str) -> Callable[[Any], None]:
    """Return what ends this process when it hears from dbt that a statement with these words was executed."""
    begun = ""

    def hear(event: Any) -> None:
        nonlocal begun
        if event.info.name not in {"SQLQuery", "SQLQueryStatus"} or event.data.node_info.node_name != model:
            return
        if event.info.name == "SQLQuery":
            begun = event.data.sql.lower()
        elif words in begun:
            os.kill(os.getpid(), signal.SIGKILL)

    return hear


def main(moments: list[str], arguments: list[str]) -> None:
    """Run dbt in processes of their own, one after the other, each over what the one before has left."""
    manifest: Any = dbtRunner().invoke(["--quiet", "parse"]).result
    for moment in [*moments, None]:
        child = os.fork()
        if child == 0:
            deaths = [killing(*moment.split(": ", 1))] if moment else []
            ended = dbtRunner(manifest, deaths).invoke(["--quiet", *arguments])
            sys.exit(not ended.success or moment is not None)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code != (-signal.SIGKILL if moment else 0):
            sys.exit(f"dbt ended with {code}, and not at {moment or 'its end'}")


if __name__ == "__main__":
    at = sys.argv.index("--")
    main(sys.argv[1:at], sys.argv[at + 1 :])

"""The order of files: with several workers the dear ones start first, so that none is left to one worker at the end.

And where all that runs puts its temporary files: what a killed process leaves there goes with the rest.
"""

import tempfile
from collections.abc import Iterator

import pytest

# What the first of them builds takes minutes: meanwhile others run that do not need it. Those that build something of
# their own come before those that need what others build, and would wait for it.
DEAREST_FIRST = (
    *(f"tests/system/test_{name}" for name in ("control_charts", "held", "killed", "refused", "repeated", "canaries")),
    *(f"tests/warehouse/test_{name}" for name in ("golden", "plan", "small", "data_tests")),
    *("tests/system/test_ui", "tests/warehouse/", "tests/system/", "tests/unit/"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next(at for at, start in enumerate(DEAREST_FIRST) if item.nodeid.startswith(start)))


@pytest.fixture(scope="session", autouse=True)
def temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have this process and those that it starts use a folder of pytest's own, short as sockets lie in it."""
    folder = tmp_path_factory.getbasetemp() / "t"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        yield

"""The order of files: with several workers the dear ones start first, so that none is left to one worker at the end."""

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

"""The order of files: with several workers the dear ones start first, so that none is left to one worker at the end."""

import pytest

# Those that build a warehouse of their own come before those that need what others build, and would wait for it.
DEAREST_FIRST = (
    "tests/system/",
    *("tests/warehouse/test_golden", "tests/warehouse/test_plan", "tests/warehouse/test_small", "tests/warehouse/"),
    "tests/unit/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next(at for at, start in enumerate(DEAREST_FIRST) if item.nodeid.startswith(start)))

"""The order of files: with several workers the dear ones start first, so that none is left to one worker at the end."""

import pytest

DEAREST_FIRST = ("tests/system/", "tests/warehouse/", "tests/unit/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: next(
            (place for place, folder in enumerate(DEAREST_FIRST) if item.nodeid.startswith(folder)), len(DEAREST_FIRST)
        )
    )

"""dbt's documentation of the project is one page that opens from disk."""

import re
from pathlib import Path

import pytest

from orchestration.dbt.site import write_site
from sources.folder.data_folder import DataFolder
from tests.dbt_parse import give_parse


def test_the_page_holds_every_model_and_needs_no_network(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    give_parse(tmp_path_factory, tmp_path)
    page = write_site(DataFolder(tmp_path))
    text = page.read_text(encoding="utf-8")
    assert "model.csp_indicator_warehouse.indicator_values" in text
    assert "Code of the indicator" in text
    assert '"type": "varchar"' in text
    assert not re.search(r"<(script|link)[^>]+(src|href)=[\"']?https?://(?!fonts)", text)
    assert "INLINE DATA" not in text

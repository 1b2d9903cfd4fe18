"""Charts are drawn once, kept for the owner alone, and forgotten once no page needs them."""

import os
import stat
from pathlib import Path

from orchestration.report.charts import chart
from orchestration.report.drawings import Drawings


def of(value: int) -> dict[str, object]:
    layer = {"mark": "bar", "encoding": {"x": {"field": "value", "type": "quantitative"}}}
    return {**chart([layer]), "data": {"values": [{"value": value}]}}


def test_a_chart_is_drawn_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    kept = tmp_path / "drawings"
    before = os.umask(0)
    try:
        drawn = Drawings(kept).draw(of(1))
    finally:
        os.umask(before)
    (file,) = kept.iterdir()
    assert drawn.startswith("<svg")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (kept, file)] == [0o700, 0o600]
    file.write_text("as it was kept")
    assert Drawings(kept).draw(of(1)) == "as it was kept"


def test_what_no_page_needs_any_more_is_forgotten(tmp_path: Path) -> None:
    first = Drawings(tmp_path)
    first.draw(of(1))
    first.draw(of(2))
    idle = Drawings(tmp_path)
    idle.forget_others()
    assert len(list(tmp_path.iterdir())) == 2
    later = Drawings(tmp_path)
    later.draw(of(2))
    later.draw(of(3))
    later.forget_others()
    assert len(list(tmp_path.iterdir())) == 2
    (tmp_path / "left").touch()
    later.forget_others()
    assert not (tmp_path / "left").exists()

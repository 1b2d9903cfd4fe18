"""All 28 real months as plain CSV files: nothing is rejected, every row is accounted for, the figures are the same."""

from pathlib import Path

import pytest

from tests.system.conftest import PROJECT_ROOT, Warehouse

MONTHS = sorted((PROJECT_ROOT.parent / "shared" / "data" / "police_uk_street").glob("*.csv"))

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(len(MONTHS) != 28, reason="the 28 real months are not in ../shared/data/police_uk_street"),
]


def test_twenty_eight_months(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "data")
    delivered = 0
    for file in MONTHS:
        content = file.read_bytes()
        delivered += content.count(b"\n") - 1
        warehouse.drop(file.name, content)
    assert warehouse.last_line("nightly").startswith("published 2022-03-31.1")
    assert warehouse.query(
        "select count(*), sum(rows_delivered), sum(rows_accepted), sum(rows_rejected) from deliveries"
    ) == [(28, delivered, delivered, 0)]
    assert warehouse.query("select outcome, sum(row_count) from row_accounts group by 1") == [("counted", delivered)]
    assert warehouse.query(
        """
        select indicator_code, list(value order by period_start) from indicator_values
        where area_code = 'E07000133' and period_type = 'financial_year' and is_complete
            and indicator_code in ('OD-BURGLARY', 'OD-VIOLENCE-AND-SEXUAL-OFFENCES', 'OD-ANTI-SOCIAL-BEHAVIOUR')
        group by 1 order by 1
        """
    ) == [
        ("OD-ANTI-SOCIAL-BEHAVIOUR", [421, 453]),
        ("OD-BURGLARY", [160, 165]),
        ("OD-VIOLENCE-AND-SEXUAL-OFFENCES", [1208, 1437]),
    ]
    incomplete = warehouse.query(
        """
        select is_complete, value, contains(note, '4 of 12 months delivered') from indicator_values
        where area_code = 'E07000133' and indicator_code = 'OD-BURGLARY' and period_label = '2019/20'
        """
    )
    assert incomplete == [(False, None, True)]

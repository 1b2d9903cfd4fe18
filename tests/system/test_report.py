"""The report of the whole sample: what its pages show is what the tables of the release hold."""

import html
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from axe_core_python.selenium import Axe
from dagster import AssetKey
from selenium.webdriver import Chrome

from orchestration.instance import open_instance
from orchestration.report.build import write_report
from orchestration.report.drawings import Drawings
from sources.folder.data_folder import DataFolder
from tests.browser import headless, needs_a_browser
from tests.csp import Installation
from tests.system.test_targets_recomputed import CRIME, INCIDENT, STREET, monthly_counts, seed, year

AS_AT = date(2022, 3, 31)
PARTNERSHIP = "Melton Area Safer Communities Partnership"
MELTON = "E07000133"
NO_FIGURE = {"no figure", "hidden"}
KINDS = (
    "index",
    "indicators",
    "priority-MASCP-2008-11-acquisitive_crime",
    "indicator-ASB",
    "indicator-OD-BURGLARY-RATE",
    "indicator-NI15-COUNT",
    "neighbourhoods-MASCP-2008-11",
    "aims-MASCP-2008-11",
    "assessment-MASCP-2008-11",
    "framework-MASCP-2008-11",
    "data-quality",
)


@dataclass
class Page(HTMLParser):
    """The links, labelled tables and drawings of a page."""

    links: list[str] = field(default_factory=list)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    drawings: int = 0
    label: str = ""
    cell: list[str] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given[name] or "" for name in ("href", "src") if name in given]
        self.drawings += tag == "svg"
        if given.get("role") == "region":
            self.label = given["aria-label"] or ""
            self.tables[self.label] = []
        elif tag == "tr":
            self.tables[self.label].append([])
        elif tag in {"td", "th"}:
            self.cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self.cell is not None:
            self.tables[self.label][-1].append("".join(self.cell).strip())
            self.cell = None

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)


def _page(file: Path) -> Page:
    page = Page()
    page.feed(file.read_text())
    return page


def _write(database: Path, target: Path, drawings: Path) -> None:
    with duckdb.connect(database, read_only=True) as connection:
        write_report(connection, AS_AT, target, Drawings(drawings), PARTNERSHIP)


@pytest.fixture(scope="module")
def report(whole_sample: Installation) -> Path:
    """What the night made: `csp report` says where."""
    return Path(whole_sample.last_line("report")).parent


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    driver = headless(tmp_path_factory.mktemp("chromium"))
    try:
        yield driver
    finally:
        driver.quit()


def _rows(installation: Installation, sql: str, *parameters: object) -> list[tuple]:
    with duckdb.connect(installation.database, read_only=True) as connection:
        return connection.execute(sql, parameters).fetchall()


def _number(text: str) -> float | None:
    return None if text in NO_FIGURE else float(text.replace(",", "").replace("−", "-").replace("+", "").rstrip("%"))


def _same(shown: str, value: float | None, decimals: int | None) -> bool:
    read = _number(shown)
    if read is None or value is None:
        return read is None and value is None
    return abs(read - value) <= 0.5 * 10 ** -(decimals or 0) + 1e-9


def _indicators(report: Path) -> Iterator[tuple[str, Page]]:
    for file in sorted(report.glob("indicator-*.html")):
        yield file.stem.removeprefix("indicator-"), _page(file)


def test_every_chart_of_an_indicator_stands_beside_the_figures_of_the_mart(
    report: Path, whole_sample: Installation
) -> None:
    decimals = dict(_rows(whole_sample, "select indicator_code, decimals from indicators"))
    figures = {
        (code, area, label): value
        for code, area, label, value in _rows(
            whole_sample, "select indicator_code, area_code, period_label, value from indicator_values"
        )
    }
    months = {
        (code, area, f"{start:%b %Y}"): value
        for code, area, start, value in _rows(
            whole_sample,
            "select indicator_code, area_code, period_start, value from indicator_values where period_type = 'month'",
        )
    }
    compared = 0
    for code, page in _indicators(report):
        area = re.search(rf"csp trace {re.escape(code)} (\S+) ", (report / f"indicator-{code}.html").read_text())
        for label, source in (("Figures by period", figures), ("Figures by month", months)):
            for name, shown, *_ in page.tables.get(label, [])[1:]:
                assert area is not None
                assert _same(shown, source[code, area[1], name], decimals[code]), (code, name, shown)
                compared += 1
    assert compared > 3000


def test_every_course_of_a_target_is_the_mart_s(report: Path, whole_sample: Installation) -> None:
    courses = {
        (f"{label}, month by month", f"{as_at.day} {as_at:%B %Y}"): (actual, profile, baseline, decimals)
        for label, as_at, actual, profile, baseline, decimals in _rows(
            whole_sample,
            """
            select targets.label, as_at, actual_to_date, profiled_target_to_date, baseline_to_date, decimals
            from target_vs_baseline
            inner join targets using (target_id)
            left join indicators on target_vs_baseline.indicator_code = indicators.indicator_code
            where target_vs_baseline.target_status <> 'not_set'
            """,
        )
    }
    compared = 0
    for file in report.glob("priority-*.html"):
        for label, rows in _page(file).tables.items():
            for name, *shown, _ in rows[1:] if label.endswith("month by month") else []:
                *values, decimals = courses[label, name]
                places = (decimals, 1, decimals)
                assert all(_same(*one) for one in zip(shown, values, places, strict=True)), (file.name, label, name)
                compared += 1
    assert compared > 100


def test_ten_figures_of_pages_are_those_of_the_mart_and_of_the_extracts(
    report: Path, whole_sample: Installation
) -> None:
    """Picked at random, the same ten each time: on the page, in the mart, and counted from the rows sent."""
    raw = {feed: monthly_counts(whole_sample.root, feed) for feed in (CRIME, INCIDENT, STREET)}
    counted = seed("indicator_catalogue").query("formula_kind == 'count' and source_feed in @raw")
    measures = {
        row.indicator_code: raw[row.source_feed].get((row.numerator_measure, MELTON)) for row in counted.itertuples()
    }
    shown = []
    for code, page in _indicators(report):
        months = measures.get(code)
        for label, period in (("Figures by period", "financial_year"), ("Figures by month", "month")):
            for name, figure, *_ in page.tables.get(label, [])[1:] if months else []:
                span = year(name) if period == "financial_year" else [pd.Period(pd.Timestamp(name), "M")]
                if months and months.keys() >= set(span) and figure not in NO_FIGURE:
                    shown.append((code, period, span[0].start_time, figure, sum(months[month] for month in span)))
    assert len(shown) > 1000
    assert {code.split("-")[0] for code, *_ in shown} >= {"OD", "LOC", "ASB"}
    for code, period, start, figure, count in random.Random(2008).sample(shown, 10):
        [(value,)] = _rows(
            whole_sample,
            """
            select value from indicator_values
            where indicator_code = ? and area_code = ? and period_type = ? and period_start = ?
            """,
            *(code, MELTON, period, start.date()),
        )
        assert _number(figure) == value == count, (code, period, start)


def test_peers_are_the_mart_s(report: Path, whole_sample: Installation) -> None:
    decimals = dict(_rows(whole_sample, "select indicator_code, decimals from indicators"))
    peers = {
        (code, f"Peers: {title}", area): value
        for code, title, area, value in _rows(
            whole_sample,
            """
            select indicator_code, peer_group_title, area_name, value
            from peer_comparison
            where period_type = 'financial_year'
            order by period_start
            """,
        )
    }
    shown = [
        (code, label, row)
        for code, page in _indicators(report)
        for label, rows in page.tables.items()
        if label.startswith("Peers: ")
        for row in rows[1:]
    ]
    assert shown
    assert all(_same(row[1], peers[code, label, row[0]], decimals[code]) for code, label, row in shown)


def test_funnels_are_the_mart_s(report: Path, whole_sample: Installation) -> None:
    """Areas of a funnel stand in its table with figure, limits and position, and it has a chart and a sentence."""
    decimals = dict(_rows(whole_sample, "select indicator_code, decimals from indicators"))
    funnels: dict[tuple[str, str, str], tuple] = {
        (code, f"Funnel: {title}", area): figures
        for code, title, area, *figures in _rows(
            whole_sample,
            """
            select
                indicator_code, funnel_group_title, area_name, value, denominator,
                lower_95, upper_95, lower_998, upper_998, position
            from funnel_limits
            order by period_start
            """,
        )
    }
    shown = [
        (code, label, row)
        for code, page in _indicators(report)
        for label, rows in page.tables.items()
        if label.startswith("Funnel: ")
        for row in rows[1:]
    ]
    assert {label.split(" of ")[0] for _, label, _ in shown} >= {"Funnel: Wards", "Funnel: Districts"}
    for code, label, (area, value, base, inner, outer, position) in shown:
        figure, denominator, *limits, place = funnels[code, label, area]
        assert _same(value, figure, decimals[code]), (code, area)
        assert _same(base, denominator, 0), (code, area)
        for text, limit in zip([*inner.split(" to "), *outer.split(" to ")], limits, strict=True):
            assert _same(text, limit, decimals[code]), (code, area)
        assert position.lower() == place


def test_times_between_events_are_the_mart_s(report: Path, whole_sample: Installation) -> None:
    waits = {
        (code, f"{start:%b %Y}", f"{end:%b %Y}"): (str(events), str(months), signals or "")
        for code, start, end, events, months, signals in _rows(
            whole_sample,
            """
            select indicator_code, wait_start, period_start, events_per_wait, months_waited, signals
            from time_between_events
            """,
        )
    }
    shown = {
        (code, start, end): tuple(row)
        for code, page in _indicators(report)
        for end, start, *row in page.tables.get("Time between events", [])[1:]
    }
    assert shown
    assert shown.items() <= waits.items()


def test_every_ward_of_a_map_stands_in_its_table_and_a_list_that_is_cut_says_so(
    report: Path, whole_sample: Installation
) -> None:
    decimals = dict(_rows(whole_sample, "select indicator_code, decimals from indicators"))
    figures = {
        (code, label, ward): value
        for code, label, ward, value in _rows(
            whole_sample,
            """
            select indicator_code, period_label, figures.area_name, value
            from indicator_values as figures inner join areas using (area_code)
            where figures.area_level = 'ward' and areas.parent_code = 'E07000133'
            """,
        )
    }
    of_areas = dict(
        _rows(
            whole_sample,
            """
            select indicator_code || ' ' || period_label, count(*) - 1 from indicator_values
            where period_type = 'financial_year' group by all
            """,
        )
    )
    compared = cut = 0
    for code, page in _indicators(report):
        text = (report / f"indicator-{code}.html").read_text()
        heading = re.search(r"<h2>Other areas, (.*?)</h2>", text)
        for ward, shown in page.tables.get("Figures by ward", [])[1:]:
            assert heading is not None
            assert _same(shown, figures[code, heading[1], ward], decimals[code]), (code, ward, shown)
            compared += 1
        if (said := re.search(r"<p>60 of ([0-9,]+) areas", text)) and heading:
            assert int(said[1].replace(",", "")) == of_areas[f"{code} {heading[1]}"], code
            cut += 1
    assert compared > 100
    assert cut > 10


def test_neighbourhoods_are_the_mart_s(report: Path, whole_sample: Installation) -> None:
    tables = _page(report / "neighbourhoods-MASCP-2008-11.html").tables
    rows = _rows(
        whole_sample,
        """
        select neighbourhood_name, title, scorecard.period_label, value, previous_value, plan_area_value, decimals
        from neighbourhood_scorecard as scorecard inner join indicators using (indicator_code, title)
        where plan_id = 'MASCP-2008-11' and not is_context
        """,
    )
    compared = 0
    for name, title, period, here, before, around, decimals in rows:
        for shown in tables[name][1:]:
            if shown[0] == f"{title} {period}":
                # A rate stands under its count.
                figures = [re.sub(r" [0-9.,]+ per 1,000$", "", shown[at]) for at in (1, 2, 4)]
                assert figures[0] == "hidden" or _same(figures[0], here, decimals), shown
                assert _same(figures[1], before, decimals), shown
                assert _same(figures[2], around, decimals), shown
                compared += 1
    assert compared > 20


def test_every_aim_is_on_the_page_and_what_nobody_measures_comes_first(
    report: Path, whole_sample: Installation
) -> None:
    page = _page(report / "aims-MASCP-2008-11.html")
    aims = _rows(
        whole_sample, "select published_text, measurement from aims where plan_id = 'MASCP-2008-11' order by all"
    )
    text = html.unescape((report / "aims-MASCP-2008-11.html").read_text())
    assert len(aims) == 28
    assert all(published in text for published, _ in aims)
    first = [row[0] for row in page.tables["Aims that nobody measures"][1:]]
    unmeasured = [aim for aim, measurement in aims if measurement not in ("measured", "in_part")]
    assert len(first) == len(unmeasured)
    assert all(any(shown.startswith(aim) for shown in first) for aim in unmeasured)


def test_residents_and_records_are_ranked_as_in_the_mart(report: Path, whole_sample: Installation) -> None:
    shown = _page(report / "assessment-MASCP-2008-11.html").tables["What residents name beside what is recorded"][1:]
    ranked = _rows(
        whole_sample,
        """
        select problem, views_rank::varchar, recorded_rank::varchar from strategic_assessment
        where plan_id = 'MASCP-2008-11' and problem is not null order by views_rank, problem
        """,
    )
    assert len(ranked) == 7
    assert [(row[0], row[1], row[3]) for row in shown] == ranked


def test_every_link_leads_to_a_page_and_every_page_has_a_link_and_nothing_comes_from_elsewhere(report: Path) -> None:
    files = {file.name for file in report.iterdir()}
    links = {link for file in report.glob("*.html") for link in _page(file).links}
    assert {link for link in links if not link.startswith("#")} <= files
    assert {file.name for file in report.glob("*.html")} <= links
    assert not any("<script" in file.read_text() for file in report.glob("*.html"))
    assert {"style.css", "index.html"} <= files


def test_the_same_tables_give_the_same_bytes_in_another_process(
    report: Path, whole_sample: Installation, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.system.test_report import _write; "
        "_write(*map(Path, sys.argv[1:]))"
    )
    arguments = [str(whole_sample.database), str(tmp_path / "again"), str(tmp_path / "drawings")]
    subprocess.run([sys.executable, "-c", code, *arguments], check=True)
    again = {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()}
    assert again == {file.name: file.read_bytes() for file in report.iterdir()}


def test_what_is_new_since_the_last_release_is_told_with_its_reason(corrected: Installation) -> None:
    """March was sent again: the corrected file is there, the one before counts no longer, and so do figures."""
    front = Path(corrected.last_line("report"))
    tables = _page(front).tables
    before = sorted(path.name for path in (corrected.root / "releases").iterdir())[0]
    assert f"Compared with release {before}, as at 31 March 2022." in front.read_text()
    changes = {(row[2], row[3], row[4]) for row in tables["Deliveries since the last release"][1:]}
    assert changes == {("Accepted to superseded", "1", "1 March 2022"), ("Partly accepted", "1", "1 March 2022")}
    [(feed, _, _, changed, gone)] = tables["Figures since the last release"][1:]
    assert feed == "Street-level crime and anti-social behaviour"
    database = corrected.root / "releases" / before / "indicators.duckdb"
    with duckdb.connect(corrected.database, read_only=True) as connection:
        connection.execute(f"attach '{database}' as before (read_only)")
        key = "indicator_code, area_code, period_type, period_label"
        found = connection.execute(
            f"""
            select
                count(*) filter (now.value <> earlier.value),
                count(*) filter (now.value is null and earlier.value is not null)
            from indicator_values as now full join before.indicator_values as earlier using ({key})
            """
        ).fetchone()
    assert (int(changed.replace(",", "")), int(gone.replace(",", ""))) == found
    assert found[0] > 0
    assert "Corrections since the last release" in tables


def test_an_agency_owes_only_where_a_plan_counts_by_its_feed(report: Path) -> None:
    sections = re.findall(
        r"<section aria-labelledby=\"plan-.*?</section>", (report / "index.html").read_text(), re.DOTALL
    )
    owing = {
        ("ILLUSTRATIVE plan" in section): " owes " in section
        for section in sections
        if "Performance framework" in section
    }
    assert owing == {True: False, False: True}


def test_dagster_shows_the_figures_of_the_front_page(report: Path, whole_sample: Installation) -> None:
    with open_instance(DataFolder(whole_sample.root)) as instance:
        event = instance.get_latest_materialization_event(AssetKey("report"))
    assert event is not None
    assert event.asset_materialization is not None
    shown = {name: one.value for name, one in event.asset_materialization.metadata.items()}
    assert (shown["release"], shown["open"]) == (whole_sample.current, str(report / "index.html"))
    assert shown["pages"] == len(list(report.glob("*.html")))
    front = (report / "index.html").read_text()
    tiles = re.findall(r"<b><span aria-hidden=\"true\">.</span> (\d+)</b>", front)
    told = [value for name, value in shown.items() if ": targets " in name]
    assert [str(value) for value in told] == tiles
    assert "not met" in shown["MASCP-2008-11: to talk about"]
    assert f"<h1>{PARTNERSHIP}: performance report</h1>" in front


def test_every_drawing_has_a_sentence_and_a_table(report: Path) -> None:
    for file in report.glob("*.html"):
        for figure in re.findall(r"<figure>.*?</figure>", file.read_text(), re.DOTALL):
            if "<svg" in figure:
                sentence = re.search(r"<figcaption>(.*?)</figcaption>", figure, re.DOTALL)
                assert sentence is not None, file.name
                assert len(sentence[1].strip()) > 20, file.name
                assert "<table>" in figure, file.name


def test_synthetic_figures_carry_their_banner(report: Path, whole_sample: Installation) -> None:
    synthetic = {
        code
        for (code,) in _rows(
            whole_sample, "select indicator_code from indicator_values group by all having bool_and(is_synthetic)"
        )
    }
    shown = [(code, page) for code, page in _indicators(report) if code in synthetic and page.drawings]
    assert shown
    for code, page in shown:
        text = (report / f"indicator-{code}.html").read_text()
        assert "Synthetic sample." in text, code
        assert text.count(">Synthetic sample: describes nobody<") == page.drawings, code


@needs_a_browser
@pytest.mark.parametrize("kind", KINDS)
def test_pages_can_be_used_by_everybody_and_on_a_phone(report: Path, browser: Chrome, kind: str) -> None:
    browser.set_window_size(320, 900)
    browser.get((report / f"{kind}.html").as_uri())
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 320
    found = Axe().run(browser)["violations"]
    assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]

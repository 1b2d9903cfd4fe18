"""The report of the release that was just published: where it is, and what stands on its front page."""

from typing import Any

from dagster import AssetExecutionContext, AssetsDefinition, MaterializeResult, MetadataValue, asset

from orchestration.assets import ENGINEERS
from orchestration.outcome import RELEASE_KEY
from orchestration.releases import DATABASE, REPORT, Release, reading_with_previous, require_current
from orchestration.report.pages import news_of, plans_of
from orchestration.report.tables import Tables
from orchestration.resources import DataFolderResource
from sources.folder.data_folder import DataFolder


def build_report_asset() -> AssetsDefinition:
    """Return the report asset, downstream of the release; a night that publishes nothing makes none."""

    @asset(
        name="report",
        group_name="release",
        deps=[RELEASE_KEY],
        description=(
            "The pages of the current release, made and sealed with it: what is new since the release before, targets, "
            "what to talk about. `csp report --open` opens them, `csp report --pdf` prints them."
        ),
        owners=ENGINEERS,
        kinds={"html"},
        tags={"domain": "release"},
    )
    def report(context: AssetExecutionContext, data_folder: DataFolderResource) -> MaterializeResult[None]:
        folder = data_folder.open()
        release = require_current(folder)
        context.log.info("the report of release %s: %s", release.release_id, release.path / REPORT / "index.html")
        return MaterializeResult(metadata=report_metadata(folder, release))

    return report


def report_metadata(folder: DataFolder, release: Release) -> dict[str, Any]:
    """Return what Dagster shows of the report of a release that readers see."""
    pages = release.path / REPORT
    with reading_with_previous(folder, release.path / DATABASE, release.release_id) as (connection, previous):
        return {
            "release": release.release_id,
            "as at": release.as_at,
            "open": MetadataValue.path(str(pages / "index.html")),
            "pages": len(list(pages.glob("*.html"))),
            **front_page(Tables(connection, previous)),
        }


def front_page(tables: Tables) -> dict[str, Any]:
    """Return the front page as metadata: its numbers, which Dagster draws over time, and what to talk about."""
    shown: dict[str, Any] = {}
    if news := news_of(tables):
        shown["compared with"] = news["previous"]
        for part, column in (("returns", "returns"), ("figures", "new_figures"), ("figures", "changed_figures")):
            if news[part] is not None:
                name = "deliveries since" if part == "returns" else column.replace("_", " ")
                shown[name] = sum(row[column] for row in news[part])
    for plan in plans_of(tables):
        for verdict in ("met", "not_met", "in_progress", "no_verdict"):
            shown[f"{plan['plan_id']}: targets {verdict.replace('_', ' ')}"] = plan[verdict]
        if plan["points"]:
            points = "\n".join(f"{number}. {point['sentence']}" for number, point in enumerate(plan["points"], 1))
            shown[f"{plan['plan_id']}: to talk about"] = MetadataValue.md(points)
    return shown

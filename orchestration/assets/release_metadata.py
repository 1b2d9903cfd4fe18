"""What the release asset shows of a publication beside its id: who, from which code, what is new, how to trace it."""

from typing import Any

import duckdb
from dagster import MetadataValue

from orchestration.code_links import Repository, hosted_repository
from orchestration.releases import (
    DATABASE,
    REPORT,
    Release,
    current_id,
    get_release,
    read_manifest,
    reading_with_previous,
    this_user,
)
from orchestration.report.pages import news_of
from orchestration.report.tables import Tables
from sources.folder.data_folder import DataFolder

# A figure of a target, as recent as can be, that shows its value.
_A_FIGURE = """
    select v.indicator_code, v.area_code, v.period_label
    from indicator_values as v
    left join targets as t on v.indicator_code = t.indicator_code and v.area_code = t.area_code
    where v.value is not null and not v.is_suppressed
    order by t.target_id is null, v.period_end desc, t.target_id, v.indicator_code, v.area_code, v.period_label
    limit 1
"""


def release_metadata(folder: DataFolder, release: Release) -> dict[str, Any]:
    """Return what Dagster shows of a release."""
    manifest = read_manifest(folder, release.release_id)
    database, beside = release.path / DATABASE, release.beside_current
    with reading_with_previous(folder, database, release.release_id, beside_current=beside) as (connection, previous):
        figure = _a_figure(connection)
        news = news_of(Tables(connection, previous))
    return {
        "release": release.release_id,
        "as at": release.as_at,
        "run by": this_user(),
        "git commit": _commit(manifest.get("git_commit"), hosted_repository()),
        **(_changed(release, get_release(folder, previous)) if previous else {}),
        **(_figures(news) if news else {}),
        **_traced(figure, is_current=release.release_id == current_id(folder)),
        "open the report": _command("csp report", release.release_id, "--open"),
        "report": MetadataValue.path(str(release.path / REPORT / "index.html")),
        "folder": MetadataValue.path(str(release.path)),
        "manifest": MetadataValue.path(str(release.path / "manifest.json")),
        "checks passed": sum(check["passed"] for check in manifest.get("checks", [])),
        "dagster/row_count": sum(release.row_counts.values()),
        "rows": MetadataValue.json(release.row_counts),
        "content sha256": MetadataValue.json(release.content_hashes),
    }


def _a_figure(connection: duckdb.DuckDBPyConnection) -> tuple[str, str, str] | None:
    try:
        return connection.execute(_A_FIGURE).fetchone()
    except duckdb.Error:
        return None  # a release of other tables


def _traced(figure: tuple[str, str, str] | None, is_current: bool) -> dict[str, Any]:
    """Return the command that traces a figure; it reads the current release alone."""
    if not is_current:
        return {}
    return {"trace a figure": _command("csp trace", *figure) if figure else "no figure has a value"}


def _changed(release: Release, previous: Release) -> dict[str, Any]:
    """Return how many tables are other than in the release that readers saw before, and which."""
    tables = sorted(release.content_hashes.keys() | previous.content_hashes.keys())
    changed = [one for one in tables if release.content_hashes.get(one) != previous.content_hashes.get(one)]
    return {
        "compared with": previous.release_id,
        "tables changed": len(changed),
        "changed tables": MetadataValue.json(
            {one: f"{previous.row_counts.get(one, 0):,} → {release.row_counts.get(one, 0):,} rows" for one in changed}
        ),
    }


def _figures(news: dict[str, Any]) -> dict[str, Any]:
    """Return how many figures are new or other, as the report's overview counts them."""
    rows = news["figures"]
    return {} if rows is None else {what.replace("_", " "): sum(row[what] for row in rows) for what in _COUNTED}


_COUNTED = ("new_figures", "changed_figures")


def _command(program: str, *arguments: str) -> Any:
    quoted = [f'"{argument}"' if " " in argument else argument for argument in arguments]
    return MetadataValue.md(f"```\n{' '.join([program, *quoted])}\n```")


def _commit(commit: str | None, repository: Repository | None) -> Any:
    if commit and repository and commit == repository.commit:
        return MetadataValue.url(repository.commit_page)
    return commit or "not in a git checkout"

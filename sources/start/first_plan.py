"""Writes a partnership's folder for a district: a plan of open-data targets, whose rows are those of `plan/*.csv`."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from sources.partnership.folder import SETTINGS, PartnershipFolder
from sources.partnership.new_plan import new_plan
from sources.start.area_page import NAME as AREA_PAGE
from sources.start.area_page import area_page
from sources.start.districts import District
from sources.start.years import FinancialYear

TEMPLATES = Path(__file__).parent / "plan"


@dataclass(frozen=True)
class FirstPlan:
    """The plan of a district for a financial year, on the baseline of the year before."""

    district: District
    year: FinancialYear

    @property
    def code(self) -> str:
        """Its code and the name of its folder, such as NORTH-NORTHAMPTONSHIRE-2026-27."""
        return f"{short_name(self.district).upper()}-{self.year.label.replace('/', '-')}"

    @property
    def partnership(self) -> str:
        """Name of the partnership, until somebody says another."""
        return f"{self.district.spoken_name} Community Safety Partnership"

    def words(self) -> Mapping[str, str]:
        """Return what the names in braces of a template stand for."""
        return {
            "plan": self.code,
            "partnership": self.partnership,
            "district": self.district.spoken_name,
            "district_code": self.district.code,
            "force": self.district.force_name,
            "supplier": self.district.supplier,
            "starts_on": self.year.starts_on.isoformat(),
            "ends_on": self.year.ends_on.isoformat(),
            "year": self.year.label,
            "baseline": self.year.before.label,
        }


def short_name(district: District) -> str:
    """Return a district's name as a file may bear it: kings-lynn-and-west-norfolk."""
    kept = (letter if letter.isalnum() else "-" for letter in district.name.lower() if letter not in "'.,")
    return "".join(kept).replace("--", "-")


def is_written(folder: PartnershipFolder, plan: FirstPlan) -> bool:
    """Return whether a partnership's folder has the plan already."""
    return (folder.root / "plans" / plan.code).exists()


def write_plan(folder: PartnershipFolder, plan: FirstPlan) -> list[Path]:
    """Write the plan into a partnership's folder, which is made where it is missing; return the files.

    Raises:
        FolderError: the folder has this plan.
    """
    settings = folder.root / SETTINGS
    is_new = not settings.exists()
    written = new_plan(folder, plan.code)
    if is_new:
        settings.write_text(
            f"{_NOTE}{yaml.safe_dump({'name': plan.partnership}, allow_unicode=True)}", encoding="utf-8"
        )
    for template in sorted(TEMPLATES.glob("*.csv")):
        text = filled(template.read_text(encoding="utf-8"), plan.words())
        (folder.root / "plans" / plan.code / template.name).write_text(text, encoding="utf-8")
    page = folder.root / "plans" / plan.code / AREA_PAGE
    page.write_text(area_page(plan.district), encoding="utf-8")
    return [*written, page]


def filled(template: str, words: Mapping[str, str]) -> str:
    """Return a template of CSV with each name in braces replaced, quoted anew where a word holds a comma."""
    text = io.StringIO()
    rows = csv.reader(template.splitlines())
    csv.writer(text, lineterminator="\n").writerows([cell.format_map(words) for cell in row] for row in rows)
    return text.getvalue()


_NOTE = "# What is the partnership's own. The name stands on its pages: write it as the partnership does.\n"

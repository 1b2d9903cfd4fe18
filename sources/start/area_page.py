"""A page on the district of a plan: what it lies in, what it was made of, what is like it, and its wards."""

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from sources.folder.reference import reference_file, seed_rows
from sources.start.districts import District, changes, look_up, welsh_names

NAME = "AREA.md"
_CLOSE = 10


def area_page(district: District) -> str:
    """Return the page as Markdown; the product knows all of it already and never reads it."""
    parts = _parts(district.code)
    lines = [
        f"# {district.name} ({district.code})",
        "",
        "Written by csp start for people to read. The product has all of it in its own area tables.",
        "",
        *_table(_facts(district, parts)),
        "",
        "## Similar areas",
        "",
        "The nearest first, as the ONS lists them, in three senses; every plan is compared with them. They are not the",
        "Home Office's most similar groups.",
        "",
        *_table(_similar(district.code)),
        "",
        "## Wards",
        "",
        "Wards of 2017, each a best fit of lower layer super output areas (LSOAs); none drawn anew since is here.",
        "",
        *_wards(parts),
        "",
    ]
    return "\n".join(lines)


def _facts(district: District, parts: Collection[str]) -> list[tuple[str, str]]:
    welsh = welsh_names().get(district.code, district.name)
    county = [row for row in seed_rows("areas", "counties") if row["district_code"] == district.code]
    partnerships = {
        f"{row['csp_name']} ({row['csp_code']})"
        for row in look_up()
        if row["district_code"] == district.code and row["csp_code"]
    }
    before = [
        f"{row['district_name']} ({row['district_code']}) until {row['changed_on']}"
        for row in changes()
        if row["district_code"] in parts and row["district_code"] != district.code
    ]
    return [
        *([("in Welsh", welsh)] if welsh != district.name else []),
        ("police force", f"{district.force_name} ({district.force_code}); `{district.supplier}` in file names"),
        ("county", f"{county[0]['county_name']} ({county[0]['county_code']})" if county else "none"),
        ("partnership (ONS)", ", ".join(sorted(partnerships)) or "no single one is listed for this district"),
        *([("made of", "; ".join(before))] if before else []),
    ]


def _similar(code: str) -> list[tuple[str, str]]:
    senses = {row["sense"]: row["title"] for row in seed_rows("areas", "similar_area_senses")}
    listed = {row["sense"]: row["similar_area_codes"] for row in _rows("similar_areas") if row["area_code"] == code}
    names = district_names()
    return [
        (title, ", ".join([names[one] for one in listed.get(sense, "").split(";") if one in names][:_CLOSE]) or "none")
        for sense, title in senses.items()
    ]


def _wards(parts: Collection[str]) -> list[str]:
    names = {row["ward_code"]: row["ward_name"] for row in _rows("wards")}
    codes = {row["ward_code"] for row in _rows("lsoas") if row["district_code"] in parts and row["ward_code"]}
    return [f"- {names[code]} ({code})" for code in sorted(codes, key=lambda code: (names[code], code))]


def _parts(code: str) -> set[str]:
    """Return the codes of a district and of all that were merged into it."""
    parts = {code}
    # In the order of their days backwards: a part may be a successor itself.
    for row in sorted(changes(), key=lambda row: row["changed_on"], reverse=True):
        if row["successor_code"] in parts:
            parts.add(row["district_code"])
    return parts


def codes_within(code: str) -> set[str]:
    """Return the codes of a district, of all that were merged into it, and of their LSOAs."""
    parts = _parts(code)
    return parts | {row["lsoa_code"] for row in _rows("lsoas") if row["district_code"] in parts}


def district_names() -> Mapping[str, str]:
    """Return the name of each district by its code, of those too that came by a merger."""
    successors = {row["successor_code"]: row["successor_name"] for row in changes()}
    return {**{row["district_code"]: row["district_name"] for row in look_up()}, **successors}


def _table(facts: Iterable[tuple[str, str]]) -> list[str]:
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts)]


@cache
def _rows(name: str) -> Sequence[Mapping[str, str]]:
    with reference_file(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))

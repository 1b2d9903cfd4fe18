"""Writes docs/catalogue.md and docs/data_dictionary.md from the seeds and the properties files of the marts."""

import csv
import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "dbt_project" / "seeds"
MARTS = ROOT / "dbt_project" / "models" / "marts"
COLUMN_TEXTS = ROOT / "dbt_project" / "models" / "docs"
COMMAND = "make docs"
Row = dict[str, str]
Model = dict[str, Any]

# A formula in words. {numerator} and {denominator} are titles of measures, {parts} codes of other indicators.
FORMULAS = {
    "count": "{numerator}, counted",
    "rate": "{multiplier} × {numerator} ÷ {denominator}",
    "percentage": "{multiplier} × {numerator} ÷ {denominator}",
    "weighted_percentage": (
        "{multiplier} × {numerator} ÷ {denominator}, both sums of weights; interval on the effective base"
    ),
    "ratio": "{multiplier} × {numerator} ÷ {denominator}",
    "mean_score": "{multiplier} × {numerator} ÷ {denominator}",
    "percentage_difference": "100 × ({numerator} − {denominator}) ÷ {denominator}",
    "rolling_average_change": (
        "100 × (average of {numerator} over three calendar years − that of a year earlier) ÷ that of a year earlier"
    ),
    "standardised_rate": "{multiplier} × {numerator} ÷ residents by age and sex, weighted by a standard population",
    "gap": "{parts}, in points",
    "sum": "{parts}",
}
POPULATIONS = {"population": "residents", "households": "households"}
FRAMEWORK_NAMES = {
    "NI": "National indicators (NI)",
    "PSA 1": "British Crime Survey comparator crime (PSA 1)",
    "NSIR": "Incidents (National Standard for Incident Recording)",
    "local": "Local indicators",
    "open data": "Open data: proxies and published counts",
}


def seed(name: str) -> list[Row]:
    """Return the rows of a seed."""
    with next(SEEDS.rglob(f"{name}.csv")).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """Return rows by what they hold in a column, in their order."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def plain(text: str) -> str:
    """Return text so that Markdown shows it as it is, in a table too."""
    return re.sub(r"([|*~<\[\]`])", r"\\\1", " ".join(text.split()))


def words(name: str) -> str:
    """Return a coded name such as financial_year in words."""
    return name.replace("_", " ")


def listed(names: str) -> str:
    """Return names that a seed separates by semicolons, in words."""
    return ", ".join(words(name) for name in names.split(";") if name)


def anchor(code: str) -> str:
    """Return the name under which links find an indicator or measure."""
    return code.lower()


def link(code: str) -> str:
    """Return a link to an indicator of the catalogue."""
    return f"[{code}](#{anchor(code)})"


def table(headers: list[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows] + [""]


def span(row: Row) -> str:
    """Return from when to when a row holds, empty for always."""
    return " ".join(
        part for key, word in (("valid_from", "from"), ("valid_to", "to")) if row[key] for part in (word, row[key])
    )


class Catalogue:
    """The indicators as their seeds describe them."""

    def __init__(self) -> None:
        self.indicators = {row["indicator_code"]: row for row in seed("indicator_catalogue")}
        self.measures = {row["measure_code"]: row for row in seed("measures")}
        self.categories = grouped(seed("measure_categories"), "measure_code")
        self.gaps = {row["indicator_code"]: row for row in seed("indicator_gaps")}
        self.sums = grouped(seed("indicator_sums"), "indicator_code")
        self.frameworks = grouped(seed("framework_indicators"), "framework")
        self.references = grouped(seed("framework_indicators"), "indicator_code")
        self.links = grouped(seed("plan_indicator_links"), "indicator_code")
        self.periods = grouped(seed("frequency_period_types"), "frequency")

    def measure(self, code: str) -> str:
        """Return a link to a measure, under its title."""
        return f"[{plain(self.measures[code]['title'])}](#measure-{anchor(code)})" if code else ""

    def formula(self, row: Row) -> str:
        """Return the formula of an indicator in words, empty where nothing is computed."""
        code, kind = row["indicator_code"], row["formula_kind"]
        if not kind:
            return ""
        if kind not in FORMULAS:
            raise SystemExit(
                f"dbt_project/seeds/indicators/indicator_catalogue.csv: {code} has the formula_kind {kind}, "
                "which docs/generate.py has no words for. Add it to FORMULAS."
            )
        if code in self.gaps:
            parts = f"{link(self.gaps[code]['minuend_indicator'])} − {link(self.gaps[code]['subtrahend_indicator'])}"
        else:
            parts = " + ".join(link(part["part_indicator"]) for part in self.sums.get(code, []))
        multiplier = float(row["multiplier"]) if row["multiplier"] else 1
        return (
            FORMULAS[kind]
            .format(
                multiplier=f"{multiplier:,g}" if multiplier < 1000 else f"{multiplier:,.0f}",
                numerator=self.measure(row["numerator_measure"]),
                denominator=POPULATIONS.get(row["denominator"], row["denominator"])
                or self.measure(row["denominator_measure"]),
                parts=parts,
            )
            .removeprefix("1 × ")
        )

    def framework_list(self, row: Row) -> str:
        """Return the frameworks that an indicator belongs to, with its codes and domains there."""
        references = self.references.get(row["indicator_code"], [])
        named = [
            (each["framework_code"] or each["framework"]) + (f" ({each['domain']})" if each["domain"] else "")
            for each in references
        ]
        others = [
            name
            for name in row["frameworks"].split(";")
            if name and not any(name.startswith(each["framework"]) for each in references)
        ]
        return ", ".join(plain(name) for name in dict.fromkeys([*named, *others]))

    def details(self, row: Row) -> list[str]:
        """Return what the catalogue says of one indicator, folded away below its title."""
        code = row["indicator_code"]
        read = {each["published_text"]: None for each in self.links.get(code, []) if each["link_type"] != "proxy"}
        low, high = (plain(row[f"plausible_{end}"]) for end in ("low", "high"))
        periods = ", ".join(words(each["period_type"]) for each in self.periods.get(row["frequency"], []))
        facts = {
            "Plan's wording": plain(
                row["plan_wording"] or "; ".join(text for text in read if text and text not in row["title"])
            ),
            "Formula": self.formula(row),
            "Unit": plain(row["unit"]),
            "Better": words(row["polarity"]).removesuffix(" is better")
            + (", contested" if row["polarity_contested"] == "true" else ""),
            "Feed, collector": plain("; ".join(filter(None, [row["source_feed"], row["collector"]]))),
            "Sample": words(row["sample_design"]),
            "Suppressed below a base of": row["minimum_base"],
            "Plausible": f"{low} to {high}"
            if low and high
            else f"at least {low}"
            if low
            else high and f"at most {high}",
            "Areas": listed(row["allowed_area_levels"]),
            "Periods": periods,
            "Frameworks": self.framework_list(row),
            "Stands near": plain(row["proxy_for"]),
            "Definition": plain(
                " ".join(filter(None, [row["definition_version"], span(row), f"({row['definition_status']})"]))
            ),
            "Availability": words(row["availability"])
            + (f": {plain(row['availability_reason'])}" if row["availability_reason"] else ""),
            "Source": plain(row["source"]),
        }
        return [
            f'<a id="{anchor(code)}"></a>',
            f"<details><summary><b>{code}</b> {html.escape(row['title'], quote=False)}</summary>",
            "",
            plain(row["definition"]),
            "",
            *(f"- {name}: {value}" for name, value in facts.items() if value),
            "",
            "</details>",
            "",
        ]

    def members(self, code: str) -> str:
        """Return the categories that a measure adds up, those of one time and one tag together."""
        groups: dict[str, list[str]] = defaultdict(list)
        for row in self.categories.get(code, []):
            conditions = [
                span(row),
                f"with {row['required_tag']}" if row["required_tag"] else "",
                f"without {row['excluded_tag']}" if row["excluded_tag"] else "",
            ]
            groups[" ".join(filter(None, conditions))].append(plain(row["category"]))
        return "; ".join(", ".join(names) + (f" ({plain(when)})" if when else "") for when, names in groups.items())

    def page(self) -> str:
        """Return docs/catalogue.md."""
        sections: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self.indicators.values():
            sections[row["frameworks"].split(";")[0]][row["source_feed"] or "no feed"].append(row)
        names = {key: FRAMEWORK_NAMES.get(key, key) for key in sections}
        order = [key for key in FRAMEWORK_NAMES if key in sections] + [
            key for key in sections if key not in FRAMEWORK_NAMES
        ]
        computed = sum(row["availability"] == "computed" for row in self.indicators.values())
        lines = [
            "# Catalogue of indicators",
            "",
            f"Generated from the seeds in `dbt_project/seeds/` by `{COMMAND}`; do not edit it here. "
            f"{len(self.indicators)} indicators, {computed} of them computed, on {len(self.measures)} measures. "
            "A release holds the same in the table `indicators`.",
            "",
            "- [Indicators of the plan](#indicators-of-the-plan) and [of each framework](#frameworks)",
            *(
                f"- [{names[key]}](#section-{number}): {sum(map(len, sections[key].values()))}"
                for number, key in enumerate(order, 1)
            ),
            "- [Measures](#measures): what is counted, and which categories each adds up",
            "",
            "**Words.** `verified`: the definition was taken from the named source; "
            "`unverified`: a person must still check it against the handbook; "
            "`proxy`: stands near an official indicator and is not it. "
            "Contested: people disagree which way is better, so nothing is coloured.",
            "",
            *self.plan_index(),
            *self.framework_index(),
        ]
        for number, key in enumerate(order, 1):
            lines += [f'<a id="section-{number}"></a>', "", f"## {names[key]}", ""]
            for feed, rows in sections[key].items():
                lines += [f"### {feed}", ""]
                for row in rows:
                    lines += self.details(row)
        return "\n".join([*lines, *self.measure_list()]).rstrip() + "\n"

    def code(self, code: str) -> str:
        """Return a link to an indicator, or the bare code of one that the catalogue does not hold."""
        return link(code) if code in self.indicators else code

    def plan_index(self) -> list[str]:
        """Return the indicators that plans name, as they are read."""
        rows = [row for row in seed("plan_indicator_links") if row["published_code"] and row["plan_line"]]
        read = grouped(rows, "published_code")
        return [
            "## Indicators of the plan",
            "",
            "Each code that the plan's tables print, and what it is read as. How and why: the table `plan_indicators`.",
            "",
            *table(
                ["published", "text", "read as"],
                (
                    [
                        plain(published),
                        plain(" / ".join(dict.fromkeys(row["published_text"] for row in group))),
                        ", ".join(self.code(code) for code in dict.fromkeys(row["indicator_code"] for row in group)),
                    ]
                    for published, group in read.items()
                ),
            ),
        ]

    def framework_index(self) -> list[str]:
        """Return the indicators of each framework, folded away."""
        lines = ["## Frameworks", ""]
        for framework, rows in self.frameworks.items():
            lines += [f"<details><summary>{framework}: {len(rows)} indicators</summary>", ""]
            lines += table(
                ["code", "domain", "what it is about", "in the catalogue", "remark"],
                (
                    [
                        plain(row["framework_code"]),
                        plain(row["domain"]),
                        plain(row["construct"]),
                        self.code(row["indicator_code"]) if row["indicator_code"] else "",
                        plain(row["note"]),
                    ]
                    for row in rows
                ),
            )
            lines += ["</details>", ""]
        return lines

    def measure_list(self) -> list[str]:
        """Return the measures of each feed, folded away."""
        lines = [
            "## Measures",
            "",
            "What is counted, by month and area, and the categories of the feed that it adds up. "
            "`person_counts`: counts of people, small ones hidden with partners; "
            "`not_below_district`: shown for districts and larger areas only; see [disclosure.md](disclosure.md).",
            "",
        ]
        for feed, rows in grouped(self.measures.values(), "source_feed").items():
            lines += [f"<details><summary>{feed}: {len(rows)} measures</summary>", ""]
            lines += table(
                ["measure", "title", "unit", "disclosure rule", "categories"],
                (
                    [
                        f'<a id="measure-{anchor(row["measure_code"])}"></a>{row["measure_code"]}',
                        plain(row["title"]),
                        plain(row["unit"]),
                        row["disclosure_rule"],
                        self.members(row["measure_code"]),
                    ]
                    for row in rows
                ),
            )
            lines += ["</details>", ""]
        return lines


def described() -> tuple[list[Model], list[Model]]:
    """Return the published tables and the exposures that read them, as their properties files describe them."""
    models, exposures = [], []
    for file in sorted(MARTS.rglob("*.yml")):
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        models += content.get("models", [])
        exposures += content.get("exposures", [])
    return models, exposures


@cache
def column_texts() -> dict[str, str]:
    """Return the texts that columns of several tables share, dbt's doc blocks, by name."""
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(COLUMN_TEXTS.glob("*.md")))
    return dict(re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", text))


def description(column: Mapping[str, Any]) -> str:
    """Return a column's description: its own, or the doc block that it names."""
    return re.sub(r"{{ doc\('(\w+)'\) }}", lambda named: column_texts()[named[1]], column["description"])


def tests_of(holder: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the arguments of each data test of one kind."""
    return [test[name]["arguments"] for test in holder.get("data_tests", []) if isinstance(test, dict) and name in test]


def column_row(column: Mapping[str, Any]) -> list[str]:
    """Return one column of a table: name, type, description with its values and what it leads to."""
    remarks = [plain(description(column))]
    for values in tests_of(column, "accepted_values"):
        remarks.append("Values: " + ", ".join(f"`{value}`" for value in values["values"]) + ".")
    for leads_to in tests_of(column, "relationships"):
        name = re.sub(r"""ref\(['"](\w+)['"]\)""", r"\1", leads_to["to"])
        remarks.append(f"In `{name}.{leads_to['field']}`.")
    return [f"`{column['name']}`", column["data_type"], " ".join(remarks)]


def dictionary_page() -> str:
    """Return docs/data_dictionary.md."""
    models, exposures = described()
    lines = [
        "# Data dictionary",
        "",
        f"The published tables, generated from `dbt_project/models/marts/` by `{COMMAND}`; do not edit it here. "
        "dbt holds each table to these columns and types. The same descriptions are comments in the database: "
        "`select table_name, column_name, comment from duckdb_columns() where not internal`. "
        "What changed: [changes.md](changes.md).",
        "",
        *table(
            ["table", "grain", "columns"],
            (
                [f"[{model['name']}](#{model['name']})", plain(grain(model)), str(len(model["columns"]))]
                for model in sorted(models, key=lambda model: model["name"])
            ),
        ),
    ]
    for model in sorted(models, key=lambda model: model["name"]):
        lines += [
            f"## {model['name']}",
            "",
            plain(model["description"].removesuffix(grain(model))),
            "",
            f"**{grain(model)}**",
            "",
        ]
        for key in tests_of(model, "unique_key"):
            # A column that may be missing is in the key as coalesce(column, value).
            columns = [re.sub(r"^coalesce\((\w+),.*", r"\1", column) for column in key["columns"]]
            lines.append("- Key: " + ", ".join(f"`{column}`" for column in columns) + ".")
        for filled in tests_of(model, "never_null"):
            lines.append("- Never missing: " + ", ".join(f"`{column}`" for column in filled["columns"]) + ".")
        readers = [
            f"- {plain(exposure['label'])} ({plain(exposure['owner']['name'])}): {plain(exposure['description'])}"
            for exposure in exposures
            if any(re.search(rf"""['"]{model["name"]}['"]""", reference) for reference in exposure["depends_on"])
        ]
        lines += ["", "Read by:", "", *readers, "", f"<details><summary>{len(model['columns'])} columns</summary>", ""]
        lines += table(["column", "type", "holds"], map(column_row, model["columns"]))
        lines += ["</details>", ""]
    return "\n".join(lines).rstrip() + "\n"


def grain(model: Mapping[str, Any]) -> str:
    """Return the last sentence of a table's description, which says what one row is."""
    text: str = model["description"].strip()
    return text[text.rindex("One row per ") :]


def pages() -> dict[Path, str]:
    """Return each generated page with what it must hold."""
    return {
        ROOT / "docs" / "catalogue.md": Catalogue().page(),
        ROOT / "docs" / "data_dictionary.md": dictionary_page(),
    }


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")

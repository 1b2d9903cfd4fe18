"""docs/catalogue.md: every indicator and measure, from the seeds."""

import html
from collections import defaultdict

from docs.markdown import COMMAND, Row, anchor, grouped, link, listed, plain, seed, span, table, words

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
# Sections of the page, by the version of the definitions in them.
SECTIONS = {
    "NI-2008-05": "National indicators (NI)",
    "APACS-2008-09": "Statutory performance indicators (APACS)",
    "BCS-1": "British Crime Survey comparator crime (PSA 1)",
    "ASB-1": "Incidents (National Standard for Incident Recording)",
    "CS2-1": "Local indicators",
    "LOC-1": "Local indicators",
    "OD-1": "Open data: proxies and published counts",
    "HO-1": "Open data: proxies and published counts",
    "ONS-1": "Open data: proxies and published counts",
}


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
                f"dbt_project/catalogue/indicator_catalogue.csv: {code} has the formula_kind {kind}, "
                "which docs/catalogue_page.py has no words for. Add it to FORMULAS."
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
        """Return the frameworks that an indicator, or what it is a form of, belongs to, with its codes and domains."""
        main = row["main_indicator_code"] or row["indicator_code"]
        named = [
            (each["framework_code"] or each["framework"]) + (f" ({each['domain']})" if each["domain"] else "")
            for each in self.references.get(main, [])
        ]
        return ", ".join(plain(name) for name in dict.fromkeys(named))

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
            "Form of": self.code(row["main_indicator_code"]),
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
            name = SECTIONS.get(row["definition_version"], row["definition_version"])
            sections[name][row["source_feed"] or "no feed"].append(row)
        order = sorted(sections, key=[*dict.fromkeys([*SECTIONS.values(), *sections])].index)
        computed = sum(row["availability"] == "computed" for row in self.indicators.values())
        lines = [
            "# Catalogue of indicators",
            "",
            f"Generated from `dbt_project/catalogue/` and `dbt_project/seeds/` by `{COMMAND}`; do not edit it here. "
            f"{len(self.indicators)} indicators, {computed} of them computed, on {len(self.measures)} measures. "
            "A release holds the same in the table `indicators`.",
            "",
            "- [Indicators of the plan](#indicators-of-the-plan) and [of each framework](#frameworks)",
            *(
                f"- [{name}](#section-{number}): {sum(map(len, sections[name].values()))}"
                for number, name in enumerate(order, 1)
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
        for number, name in enumerate(order, 1):
            lines += [f'<a id="section-{number}"></a>', "", f"## {name}", ""]
            for feed, rows in sections[name].items():
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
            "`person_counts`: counts of people, 1 to 7 hidden and others to the nearest 5; "
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

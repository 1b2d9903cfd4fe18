"""The sentence under each chart: what is seen in it, in figures of the same rows."""

from collections.abc import Sequence

from orchestration.report.tables import Row
from orchestration.report.words import count_of, day, month, number, signed

_NOISE = {True: "more than noise", False: "not more than noise", None: "not tested"}


def course(target: Row) -> str:
    """Return how far a target has come, from its latest row of `target_vs_baseline`."""
    if target["actual_to_date"] is None:
        return "There is no figure to compare yet."
    decimals = target["decimals"] or 0
    sentence = f"By {day(target['as_at'])}: {number(target['actual_to_date'], decimals)} {target['unit']}"
    if target["profiled_target_to_date"] is not None:
        sentence += f"; the way to the target has {number(target['profiled_target_to_date'], decimals + 1)}"
    if target["change_on_baseline_pct"] is not None:
        change = signed(target["change_on_baseline_pct"], 1)
        noise = _NOISE[target["change_is_significant"]]
        sentence += f"; {change}% on the same months of the baseline's year, {noise}"
    if target["projected_outturn"] is not None and target["months_elapsed"] < 12:
        low, high = (number(target[f"projected_{end}_95"], decimals) for end in ("lower", "upper"))
        outturn = number(target["projected_outturn"], decimals)
        sentence += f". If the year goes on so it ends at {outturn}, within {low} to {high} (95%)"
    return f"{sentence}."


def of_periods(rows: Sequence[Row], decimals: int | None) -> str:
    """Return where a series of periods starts and ends, and how many of them show no figure."""
    sentence = _span([(row["period_label"], row["value"]) for row in rows], decimals, "period")
    breaks = [row["period_label"] for row in rows if row["value"] is not None and not row["comparable"]]
    return f"{sentence} A break, drawn as a dotted line, lies before {_listed(breaks)}." if breaks else sentence


def of_months(rows: Sequence[Row], decimals: int | None) -> str:
    """Return where a series of months starts and ends, and what its control chart says of the latest."""
    sentence = _span([(month(row["period_start"]), row["value"]) for row in rows], decimals, "month")
    charted = [row for row in rows if row["centre_line"] is not None]
    if not charted:
        return f"{sentence} Too few months, or too few counted a month, for the limits of a control chart."
    last = charted[-1]
    name = month(last["period_start"])
    found = f"{name} is {last['signals']}" if last["signals"] else f"{name} is within the noise"
    baseline = f"{month(last['baseline_start'])} to {month(last['baseline_end'])}"
    mean = number(last["centre_line"], (decimals or 0) + 1)
    since = "" if last is rows[-1] else " There are too few months since then for limits."
    return f"{sentence} {found}. Mean {mean} and limits from {baseline}; a diamond is more than noise.{since}"


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _span(points: Sequence[tuple[str, float | None]], decimals: int | None, thing: str) -> str:
    shown = [(name, value) for name, value in points if value is not None]
    if not shown:
        return f"No {thing} has a figure that can be shown."
    (first, first_value), (last, last_value) = shown[0], shown[-1]
    sentence = f"The only {thing} with a figure is {last}: {number(last_value, decimals)}"
    if len(shown) > 1:
        sentence = f"From {number(first_value, decimals)} in {first} to {number(last_value, decimals)} in {last}"
    if missing := len(points) - len(shown):
        sentence += f"; no figure that can be shown for {missing} of {count_of(len(points), thing)}"
    return f"{sentence}."

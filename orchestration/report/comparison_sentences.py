"""The sentences under charts that compare areas, or the time between events."""

from collections.abc import Sequence

from orchestration.report.tables import Row
from orchestration.report.words import count_of, month, number


def of_peers(rows: Sequence[Row], own_area: str, decimals: int | None) -> str:
    """Return an area's figure beside the mean of its peers, and how many of the group have a figure."""
    sentences = [
        f"{row['area_name']} has {number(row['value'], decimals)}." for row in rows if row["area_code"] == own_area
    ]
    sentences.append(f"The mean of the group is {number(rows[0]['peer_mean'], decimals)}.")
    with_value, members = rows[0]["members_with_value"], rows[0]["members"]
    if with_value < members:
        sentences.append(f"{with_value} of its {members} areas have a figure.")
    return " ".join(sentences)


def of_coverage(row: Row) -> str:
    """Return why the areas of a peer group are not compared."""
    found = f"{row['members_with_value']} of {count_of(row['members'], 'area')}"
    has = f"{found} {'has' if row['members_with_value'] == 1 else 'have'} a figure in {row['period_label']}"
    if row["reason"] == "too few areas with a figure":
        return f"{has}, fewer than the {row['smallest_members']} that a comparison takes."
    return f"{has}; not compared: {row['reason']}."


def of_funnel(rows: Sequence[Row], own_area: str, decimals: int | None) -> str:
    """Return where an area lies in a funnel, and which areas lie beyond its limits."""
    sentences = [
        f"{row['area_name']} has {number(row['value'], decimals)}, {_where(row['position'])}."
        for row in rows
        if row["area_code"] == own_area
    ]
    sentences.append(f"All {len(rows)} areas together have {number(rows[0]['centre_line'], decimals)}.")
    beyond = [
        f"{_where(position)}: {', '.join(sorted(row['area_name'] for row in rows if row['position'] == position))}"
        for position in ("above 99.8%", "above 95%", "below 95%", "below 99.8%")
        if any(row["position"] == position for row in rows)
    ]
    named = "; ".join(beyond) if beyond else "no area is beyond the 95% limits"
    sentences.append(f"{named[0].upper()}{named[1:]}.")
    if rows[0]["variance_between"] > 0:
        times = number(rows[0]["dispersion"], 1)
        sentences.append(f"Areas vary {times} times as much as by chance alone, and the limits allow for that.")
    return " ".join(sentences)


def of_waits(rows: Sequence[Row]) -> str:
    """Return how long the latest so many events took, and whether that is more than noise."""
    if not rows:
        return ""
    last = rows[-1]
    events = "event" if last["events_per_wait"] == 1 else f"{last['events_per_wait']} events"
    limits = f"limits {number(last['lower_limit'], 1)} and {number(last['upper_limit'], 1)}"
    found = last["signals"] or "within the noise"
    return (
        f"Too few a month to judge month by month, so: how many months each {events} took. A long time is few events. "
        f"The latest, to {month(last['period_start'])}, took {count_of(last['months_waited'], 'month')}: {found}. "
        f"Median {number(last['centre_line'], 1)} and {limits} months from the first "
        f"{count_of(last['baseline_points'], 'wait')}, to {month(last['baseline_end'])}; a diamond is more than noise."
    )


def _where(position: str) -> str:
    side, _, limit = position.partition(" ")
    return f"{side} the {limit} limit" if limit else "inside the limits"

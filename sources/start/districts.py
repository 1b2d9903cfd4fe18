"""The districts of England and Wales on a day, and the one that somebody names."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from sources.folder.reference import reference_file, seed_rows

WELSH_NAMES = Path(__file__).parent / "welsh_names.csv"
"""Districts of Wales as they are called in Welsh."""

_MOST_LISTED = 12
_PLACE = " of"
"""How the part of an ONS name ends that stands in front in speech: Bristol, City of."""


class DistrictError(Exception):
    """No district, or no single one, is meant; the message lists those that could be."""


@dataclass(frozen=True)
class District:
    """A district and the police force that delivers for it."""

    code: str
    name: str
    force_code: str
    force_name: str
    supplier: str
    """The force as data.police.uk names its files."""

    @property
    def spoken_name(self) -> str:
        """Its name in the order of speech: City of Bristol."""
        return spoken(self.name)

    @property
    def known_as(self) -> frozenset[str]:
        """Its code and the names by which people call it, each in the plain form."""
        # The ONS puts behind a comma what distinguishes a place: nobody says it of Herefordshire or Bristol.
        place = self.name.rpartition(", ")[0] if self.spoken_name != self.name else self.name
        welsh = welsh_names().get(self.code, self.name)
        return frozenset(map(_plain, (self.code, self.name, self.spoken_name, place, welsh)))

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


def spoken(name: str) -> str:
    """Return a name of the ONS in the order of speech: City of Bristol for Bristol, City of."""
    place, _, kind = name.rpartition(", ")
    return f"{kind} {place}" if place and kind.endswith(_PLACE) else name


def districts_on(day: date) -> Sequence[District]:
    """Return the districts of a day, in the order of their codes.

    Districts merged before 2021 are known under their newer code alone, on earlier days too.
    """
    names, forces = {}, {}
    for row in look_up():
        names[row["district_code"]], forces[row["district_code"]] = row["district_name"], row["force_code"]
    # In the order of their days: a successor may have one itself, and its force is that of its parts.
    for change in sorted(changes(), key=lambda row: row["changed_on"]):
        if change["changed_on"] <= day.isoformat():
            old, new = change["district_code"], change["successor_code"]
            names.setdefault(new, change["successor_name"])
            if old in forces:
                forces.setdefault(new, forces[old])
            names.pop(old, None)
    by_code = {row["force_code"]: row for row in seed_rows("areas", "police_forces")}
    return [
        District(
            code, name, forces[code], spoken(by_code[forces[code]]["force_name"]), by_code[forces[code]]["supplier"]
        )
        for code, name in sorted(names.items())
    ]


def district_named(given: str, day: date) -> District:
    """Return the district of a day that has this code or name, however it is written.

    Raises:
        DistrictError: none has, or more than one.
    """
    districts = districts_on(day)
    asked = _plain(given)
    found = [one for one in districts if asked in one.known_as]
    if len(found) == 1:
        return found[0]
    if found:
        raise DistrictError(f"{len(found)} districts are called {given!r}. Give the code of one:{_listed(found)}")
    _require_no_county(given, asked, districts)
    _require_no_force(given, asked, districts)
    _require_not_abolished(given, asked, districts, day)
    near = _near(asked, districts)
    told = f" Near it:{_listed(near)}" if near else " A name is that of the ONS, such as North Northamptonshire."
    raise DistrictError(f"no district of England and Wales is called {given!r} on {day}.{told}")


def _require_no_county(given: str, asked: str, districts: Sequence[District]) -> None:
    within = {
        row["district_code"]
        for row in seed_rows("areas", "counties")
        if asked in {_plain(row["county_code"]), _plain(row["county_name"])}
    }
    if within:
        listed = _listed([one for one in districts if one.code in within])
        raise DistrictError(f"{given!r} is a county, and a plan here is of a district. Its districts:{listed}")


def _require_no_force(given: str, asked: str, districts: Sequence[District]) -> None:
    if within := [one for one in districts if asked == _plain(one.force_name)]:
        raise DistrictError(
            f"{given!r} is a police force's area, and a plan here is of a district. Its districts:{_listed(within)}"
        )


def _require_not_abolished(given: str, asked: str, districts: Sequence[District], day: date) -> None:
    known = {one.code: one for one in districts}
    successors = {row["district_code"]: row for row in changes() if row["changed_on"] <= day.isoformat()}
    for row in successors.values():
        if asked in {_plain(row["district_code"]), _plain(row["district_name"])}:
            last = row
            while last["successor_code"] not in known:
                last = successors[last["successor_code"]]
            raise DistrictError(
                f"{given!r} ({row['district_code']}) was abolished on {row['changed_on']}. "
                f"{known[last['successor_code']]} goes on with it: csp start {last['successor_code']}"
            )


def _near(asked: str, districts: Sequence[District]) -> Sequence[District]:
    """Return districts whose names hold what was asked, else those that are spelt alike."""
    holding = [one for one in districts if asked and any(asked in name for name in one.known_as)]
    if holding:
        return holding
    by_name = {name: one for one in districts for name in one.known_as}
    return [by_name[name] for name in get_close_matches(asked, list(by_name), n=5)]


def _listed(districts: Sequence[District]) -> str:
    shown = "".join(f"\n  {one.code}  {one.name}" for one in districts[:_MOST_LISTED])
    more = len(districts) - _MOST_LISTED
    return shown + (f"\n  and {more} more" if more > 0 else "")


def _plain(text: str) -> str:
    """Return a text by which two ways to write a name are one: no case, no punctuation, `and` for &."""
    spaced = text.casefold().replace("&", " and ").replace("-", " ")
    return " ".join("".join(letter for letter in spaced if letter.isalnum() or letter.isspace()).split())


@cache
def look_up() -> tuple[dict[str, str], ...]:
    """Return the rows of the look-up of districts."""
    with reference_file("districts").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def welsh_names() -> Mapping[str, str]:
    """Return the Welsh name of each district of Wales, by its code."""
    with WELSH_NAMES.open(encoding="utf-8", newline="") as file:
        return {row["district_code"]: row["welsh_name"] for row in csv.DictReader(file)}


def changes() -> Iterable[dict[str, str]]:
    """Return the districts that were abolished, with their successors."""
    return seed_rows("areas", "district_changes")

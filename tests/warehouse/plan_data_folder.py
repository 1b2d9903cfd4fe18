"""Small extracts of the plan's time, written here row by row in the agencies' formats and taken in by the real intake.

What each month holds is said beside it, so that a person can count what `test_plan_feeds` expects.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sources.reasons.reason import for_owner
from tests.data_folder import take_in_everything
from tests.extracts import csv_text, headers

Row = dict[str, str]

CRIMES, INCIDENTS, CASUALTIES = "police/recorded_crime", "police/incidents", "police/road_casualties"
FIRES, FIRE_RETURNS, POPULATION = "fire/incidents", "fire/incidents.fdr", "ons/population"
COUNTS = "home_office/csp_recorded_crime"
COUNTS_OF_YEARS, HEADLINES = "home_office/csp_recorded_crime_annual", "home_office/csp_headline_crime"
# A rural ward of Melton, the ward that is a priority neighbourhood, and a ward of Harborough.
RURAL, EGERTON, ELSEWHERE = "E05005495", "E05005503", "E05005454"
MELTON, HARBOROUGH, LEICESTER = "E07000133", "E07000131", "E06000016"
MONTHS = [f"{year}-{month:02d}" for year in (2007, 2008, 2009) for month in range(1, 13)][3:27]
FIRST_ARRIVAL = 1_250_000_000


@dataclass
class PlanDataFolder:
    """A data folder whose landing fills up in the order of `deliver`."""

    root: Path
    delivered: list[Path] = field(default_factory=list)

    def deliver(self, document: str, name: str, rows: Iterable[Row], above: str = "") -> None:
        """Put a CSV file with these rows into the landing folder of the document's feed, later than all before."""
        file = self.root / "landing" / document.partition(".")[0] / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(above + csv_text(headers(document), rows), newline="")
        moment = FIRST_ARRIVAL + 60 * len(self.delivered)
        os.utime(file, (moment, moment))
        self.delivered.append(file)

    def take_in(self) -> list[str]:
        """Take in every feed; return what intake said of deliveries that it did not accept whole."""
        return [
            f"{receipt.file_name}: {receipt.outcome} {for_owner(receipt.reasons)} {receipt.rejected_by_rule}"
            for receipt in take_in_everything(self.root)
            if receipt.outcome != "accepted"
        ]


def crime(number: str, code: str, day: str, **others: str) -> Row:
    """Return a crime recorded on a day of dd/MM/yyyy in the rural ward; `others` are columns with _ for blanks."""
    given = {name.replace("_", " "): value for name, value in others.items()}
    return {
        "Crime No": f"LC/{number}",
        "HO Class": code,
        "Date Recorded": day,
        "Ward": RURAL,
        "Easting": "0",
        "Northing": "0",
        "DV Flag": "N",
        "Hate Flag": "N",
        "Alcohol Flag": "N",
        "No Crime": "N",
        **given,
    }


EASTERN = {"Beat": "NR34", "Locality": "Somewhere"}


def crimes_of_every_month(month: str) -> list[Row]:
    """Return a burglary in a dwelling, one criminal damage and one most serious violence.

    The burglary is spelt as subcode with and without a slash and as class, month by month in turn. The violence names
    beat and locality, except in May 2007, in which no row does.
    """
    year, number = month.split("-")
    is_split = month >= "2008-04"
    spellings = ("028/01", "2801", "28A" if is_split else "28")
    days = (f"01/{number}/{year}", f"28/{number}/{year}")
    return [
        crime(f"{month}/1", spellings[MONTHS.index(month) % 3], days[0]),
        crime(f"{month}/2", "058B", days[1]),
        crime(f"{month}/3", "5A" if is_split else "5", days[1], **({} if month == "2007-05" else EASTERN)),
    ]


SPECIAL_CRIMES: dict[str, list[Row]] = {
    # A code that no list holds.
    "2008-01": [crime("491", "099/07", "31/01/2008")],
    # Codes outside their time: 28A before the split, 28 after it. In force: 28 before, 28B to 28D after.
    "2008-03": [crime("501", "28", "31/03/2008"), crime("502", "28A", "31/03/2008")],
    "2008-04": [
        crime("511", "28", "01/04/2008"),
        crime("512", "28B", "01/04/2008"),
        crime("513", "'28C", "01-Apr-2008"),
        crime("514", "028D", "39539"),
    ],
    # Alcohol and domestic abuse are flags beside the class; a transferred crime is another force's.
    "2008-06": [
        crime("531", "8G", "02/06/2008", Alcohol_Flag="Y", Outcome="Settled out of court"),
        crime("532", "8G", "02/06/2008", DV_Flag="Y", Outcome="Charged"),
        crime("533", "104", "02/06/2008", Alcohol_Flag="Y", DV_Flag="Y", Outcome="Cautioned"),
        crime("534", "28A", "02/06/2008", Transferred_To="Lincolnshire"),
    ],
    # Five burglaries by what is known of their place; the last lies in Harborough.
    "2008-07": [
        crime("541", "28A", "03/07/2008", Ward=EGERTON, Beat="NR31", Locality="Fairmead Estate"),
        crime("542", "28A", "03/07/2008", Ward="", Beat="NR31"),
        crime("543", "28A", "03/07/2008", Ward="", Locality="Fairmead Estate"),
        crime("544", "28A", "03/07/2008", Ward=""),
        crime("545", "28A", "03/07/2008", Ward=ELSEWHERE),
    ],
    # What is serious acquisitive crime (six) and what is not (five).
    "2008-08": [
        *(
            crime(f"55{place}", code, "04/08/2008")
            for place, code in enumerate(("29", "34A", "34B", "37.2", "45", "48"))
        ),
        *(crime(f"56{place}", code, "04/08/2008") for place, code in enumerate(("30A", "30B", "56B", "58A", "126"))),
    ],
    # One theft in two months' files.
    "2008-09": [crime("571", "49", "30/09/2008")],
    "2008-10": [crime("571", "49", "01/10/2008")],
}
# May 2008 as first sent and as sent again: LC/521 reclassified, LC/522 no-crimed, LC/523 gone, LC/524 recorded late.
MAY = [crime("521", "30A", "06/05/2008"), crime("522", "45", "07/05/2008"), crime("523", "39", "08/05/2008")]
MAY_AGAIN = [
    crime("524", "48", "31/05/2008"),
    crime("522", "45", "07/05/2008", No_Crime="Y", No_Crime_Reason="Verifiable information"),
    crime("521", "28A", "06/05/2008"),
]


def deliver_crimes(folder: PlanDataFolder) -> None:
    """Deliver April 2007 to March 2009 of Melton, and May 2008 again."""
    name = "{}-leicestershire-melton-recorded-crime{}.csv"
    for month in MONTHS:
        special = MAY if month == "2008-05" else SPECIAL_CRIMES.get(month, [])
        folder.deliver(CRIMES, name.format(month, ""), [*crimes_of_every_month(month), *special])
    again = [*MAY_AGAIN, *crimes_of_every_month("2008-05")]
    folder.deliver(CRIMES, name.format("2008-05", "-v2"), again)


def incident(number: int, category: str, **others: str) -> Row:
    """Return an incident of April 2008."""
    given = {name.replace("_", " "): value for name, value in others.items()}
    return {
        "Incident No": f"20080401-{number:04d}",
        "Created": "01/04/2008",
        "Opening Category": "Noise",
        "Closing Category": category,
        "Beat": "NR31",
        **given,
    }


def deliver_incidents(folder: PlanDataFolder) -> None:
    """Deliver a made-up April 2008: five of anti-social behaviour, three of them underage drinking, two domestic."""
    rows = [
        incident(1, "Street drinking", Qualifier="Underage;Alcohol"),
        incident(2, "Rowdy or inconsiderate behaviour", Qualifier="Underage drinking"),
        incident(3, "Rowdy or inconsiderate behaviour", Qualifier="Underage"),
        incident(4, "Noise", Linked_Crime_No="LC/501"),
        incident(5, "Noise", Duplicate_Of="20080401-0006"),
        incident(6, "Noise"),
        incident(7, "Domestic incident", Result="Crime recorded"),
        incident(8, "Domestic incident"),
        incident(9, "Domestic incident", Duplicate_Of="20080401-0008"),
        incident(10, "Alarm", Ward=RURAL, Locality="Somewhere"),
        incident(11, "Rowdy or inconsiderate behaviour", Qualifier="Underage drinking"),
    ]
    folder.deliver(INCIDENTS, "2008-04-leicestershire-melton-incidents-synthetic.csv", rows)


def casualties(year: int, district: str, severity: str, ages: Sequence[int]) -> list[Row]:
    """Return one casualty of a collision of their own for each age."""
    return [
        {
            "Accident_Index": f"{year}{district}{severity}{place:03d}",
            "Casualty_Reference": "1",
            "Accident_Severity": severity,
            "Casualty_Severity": severity,
            "Date": f"31/12/{year}",
            "Local_Authority_(District)": district,
            "Casualty_Class": "2",
            "Age_of_Casualty": str(age),
        }
        for place, age in enumerate(ages)
    ]


def deliver_casualties(folder: PlanDataFolder) -> None:
    """Deliver 2005 to 2008 of the force.

    Killed or seriously injured in Melton: 30, 30, 30 and 24, of them children 4, 4, 4 and 1, one of sixteen and one of
    unknown age. In the city of Leicester 10 a year. Slightly injured in Melton: 2 children a year.
    """
    for year, killed_or_seriously, children in ((2005, 30, 4), (2006, 30, 4), (2007, 30, 4), (2008, 24, 1)):
        others = killed_or_seriously - children - 2
        rows = [
            *casualties(year, "365", "1", [15]),
            *casualties(year, "365", "2", [0] * (children - 1) + [16, -1] + [40] * others),
            *casualties(year, "365", "3", [15, 15]),
            *casualties(year, "364", "2", [40] * 10),
        ]
        folder.deliver(CASUALTIES, f"{year}-leicestershire-road-casualties.csv", rows)


def fire(number: int, month: str, cause: str, **others: str) -> Row:
    """Return an incident of Melton on the first of a month; a fire, unless `others` say otherwise."""
    year, number_of_month = month.split("-")
    given = {name.replace("_", " "): value for name, value in others.items()}
    return {
        "Incident Number": f"{number:06d}-01{number_of_month}{year}",
        "Date": f"01/{number_of_month}/{year}",
        "Local Authority": MELTON,
        "Incident Category": "Fire",
        "Is Primary Fire": "no",
        "Cause of Fire": cause,
        "Is Fire Confined to Chimney": "no",
        "Fire Fatalities": "0",
        "Non-fatal Casualties": "0",
        **given,
    }


def deliver_fires(folder: PlanDataFolder) -> None:
    """Deliver returns of January to March 2009, records of April to June, and made-up ones of April and July beside."""
    for month in ("2009-01", "2009-02", "2009-03"):
        year, number = month.split("-")
        record = {"Form": "FDR1", "Date": f"05/{number}/{year}", "Is Primary Fire": "yes", "Number of Fires": "1"}
        total = {"Form": "FDR3", "Is Primary Fire": "no", "Is Fire Confined to Chimney": "no"}
        rows = [
            # Melton: a deliberate primary fire, one of unknown cause with two hurt, seven deliberate secondary ones.
            {**record, "Incident Number": f"1-{month}", "Local Authority": MELTON, "Cause of Fire": "Deliberate"},
            {
                **record,
                "Incident Number": f"2-{month}",
                "Local Authority": MELTON,
                "Cause of Fire": "Not known",
                "Non-fatal Casualties": "2",
            },
            {**total, "Local Authority": MELTON, "Cause of Fire": "Deliberate", "Number of Fires": "7"},
            {**total, "Local Authority": LEICESTER, "Cause of Fire": "Deliberate", "Number of Fires": "20"},
            {
                **total,
                "Local Authority": MELTON,
                "Cause of Fire": "Accidental",
                "Is Fire Confined to Chimney": "yes",
                "Number of Fires": "3",
            },
        ]
        folder.deliver(FIRE_RETURNS, f"{month}-leicestershire-fdr-return.csv", rows)
    for month in ("2009-04", "2009-05", "2009-06"):
        rows = [
            fire(1, month, "Deliberate - own property", Is_Primary_Fire="yes", Fire_Fatalities="1"),
            fire(2, month, "Not known", Is_Primary_Fire="yes"),
            fire(3, month, "Deliberate - others property"),
            fire(4, month, "Deliberate - unknown owner"),
            fire(5, month, "Accidental"),
            fire(6, month, "Accidental", Is_Fire_Confined_to_Chimney="yes"),
            fire(7, month, "", Incident_Category="False Alarm"),
            fire(8, month, "", Incident_Category="Special Service"),
            # Nobody wrote down where.
            fire(9, month, "Deliberate - own property", Local_Authority=""),
        ]
        folder.deliver(FIRES, f"{month}-leicestershire-fire-incidents.csv", rows)
    for month, count in (("2009-04", 5), ("2009-07", 4)):
        made_up = [fire(100 + number, month, "Deliberate - own property") for number in range(count)]
        folder.deliver(FIRES, f"{month}-leicestershire-fire-incidents-synthetic.csv", made_up)


# Melton nets off one aggravated burglary; the partnerships of the illustrative peer group, by their counts of 28A.
PEERS = {
    "Blaby": 50,
    "Charnwood": 100,
    "Harborough": 150,
    "Hinckley and Bosworth": 200,
    "Melton": 100,
    "North West Leicestershire": 250,
    "Oadby and Wigston": 300,
}


def deliver_counts(folder: PlanDataFolder) -> None:
    """Deliver April to June 2008 by partnership, and again with two counts changed and one dropped."""
    counts = [*((name, "28A", count) for name, count in PEERS.items()), ("Melton", "29", -1), ("Atlantis", "45", 7)]
    first = [*counts, ("Blaby", "45", 5), ("Charnwood", "45", 8), ("Charnwood", "48", 3)]
    again = [*counts, ("Blaby", "45", 6), ("Charnwood", "45", 10)]
    for version, rows in (("", first), ("-v2", again)):
        folder.deliver(
            COUNTS,
            f"prc-csp-2008-04{version}.csv",
            [
                {
                    "Financial Year": "2008/09",
                    "Financial Quarter": "1",
                    "Force Name": "Leicestershire",
                    "CSP Name": name,
                    "Offence Code": code,
                    "Number of Offences": str(count),
                }
                for name, code, count in rows
            ],
        )


def deliver_years(folder: PlanDataFolder) -> None:
    """Deliver April 2007 to March 2008 twice: by offence code, and by heading, where robbery is not available."""
    rows = [{"CSP Name": "Melton", "Offence Code": "29", "Number of Offences": "90"}]
    folder.deliver(COUNTS_OF_YEARS, "crime_data_by_csp_2007-08.csv", rows)
    line = {
        "Police Force Area code": "E23000021",
        "Police Force Area name": "Leicestershire",
        "Community Safety Partnership code": "E22000169",
        "Community Safety Partnership name": "Melton",
        "Total recorded crime (excluding fraud)": "3,416 ",
        "Burglary": "0",
        "Robbery": "[x]",
    }
    file = "policeforceareatablesyemarch08final.csv"
    headings = dict.fromkeys(headers(HEADLINES)[7:], "[x]")
    title = '"Table C2: Number of police recorded crimes by Community Safety Partnership, year ending March 2008"'
    folder.deliver(HEADLINES, file, [{**headings, **line}], above=f"{title}\n" + "Explanation\n" * 6)


def deliver_estimates(folder: PlanDataFolder) -> None:
    """Deliver mid-2008: 50,000 people in each district of the county, and 20,000 households in Melton."""
    districts = [f"E0700{number:04d}" for number in range(129, 136)]
    rows = [
        # Harborough is sent in parts, which add up; Melton's parts come beside its total.
        *(
            {"Area Code": district, "Sex": "all", "Age": "all", "Population": "50,000"}
            for district in districts
            if district != HARBOROUGH
        ),
        {"Area Code": HARBOROUGH, "Sex": "male", "Age": "0", "Population": "20000"},
        {"Area Code": HARBOROUGH, "Sex": "female", "Age": "90+", "Population": "30000"},
        {"Area Code": HARBOROUGH, "Sex": "male", "Age": "all", "Population": "20000"},
        {"Area Code": MELTON, "Sex": "male", "Age": "15", "Population": "400"},
        {"Area Code": "E99999999", "Sex": "all", "Age": "all", "Population": "1"},
    ]
    folder.deliver(POPULATION, "2008-mid-year-estimates.csv", rows)
    households = [{"ltla21_name": "Melton", "ltla21_code": MELTON, "households": "20000.0"}]
    folder.deliver("ons/population.households", "humaniverse_households08_ltla21.csv", households)


def plan_folder(root: Path) -> PlanDataFolder:
    """Return a folder in whose landing lies every extract of this module."""
    folder = PlanDataFolder(root)
    for deliver in (
        deliver_crimes,
        deliver_incidents,
        deliver_casualties,
        deliver_fires,
        deliver_counts,
        deliver_years,
        deliver_estimates,
    ):
        deliver(folder)
    return folder

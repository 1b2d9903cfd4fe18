"""A sound row of each form in which a feed is sent, and for each rule of its contract a way to break it."""

import re
from dataclasses import dataclass
from functools import cached_property

from sources.contract.load import Contract, load_contracts

Break = tuple[dict[str, str], str, str | None]
"""Changes to a sound row, the rule that they break first, and the header that is named with it."""


@dataclass(frozen=True)
class Form:
    """One document: how its files look, in the words of the agency and not of the contract."""

    document: str
    name: str
    columns: str
    """A line for each column: header, sound value ({n} stands for the row's number), and values that break rules.

    `pattern=x` breaks the rule of that kind of the column (or the rule of that whole name), `present` breaks it by no
    value; `!rule=x` breaks a rule of the whole row, with which no column is named.
    """
    others: tuple[Break, ...] = ()
    """Rules that take more than one changed value."""
    repeats: str | None = None
    """The rule against values that repeat: a row just like the first sound one breaks it."""
    uniform: str = "^$"
    """Pattern of rules that many columns have alike, of which one is broken for all."""

    @property
    def contract(self) -> Contract:
        """Return the contract of the feed."""
        return load_contracts()[self.document.split(".", 1)[0]]

    @property
    def own_contract(self) -> Contract:
        """Return the contract of this very form."""
        return next(one for one in self.contract.documents if one.document_id == self.document)

    @cached_property
    def _cells(self) -> list[tuple[str, str, list[str]]]:
        lines = [[cell.strip() for cell in line.split("|")] for line in self.columns.strip().splitlines()]
        padded = [(*line, "", "")[:3] for line in lines]
        return [(header.replace("\\n", "\n"), sound.strip('"'), breaks.split(", ")) for header, sound, breaks in padded]

    @cached_property
    def sound(self) -> dict[str, str]:
        """Return header to sound value."""
        return {header: sound for header, sound, _ in self._cells}

    @cached_property
    def broken(self) -> list[Break]:
        """Return a way to break each rule."""
        contract = self.own_contract
        names = {column.header: column.name for column in contract.columns}
        rules = {rule.name for rule in contract.row_rules}
        found: list[Break] = []
        for header, _, breaks in self._cells:
            named = re.sub(r"\s+", " ", header)
            for kind, _, value in (each.partition("=") for each in breaks if each):
                rule = kind.removeprefix("!")
                if rule not in rules:
                    rule = f"{names[named]}_{rule}"
                found.append(({header: value}, rule, None if kind.startswith("!") else named))
        return [*found, *self.others]

    @property
    def above(self) -> list[list[str]]:
        """Return the rows above the header, where the contract agrees a title there."""
        contract = self.own_contract
        if contract.title_above is None:
            return []
        return [[contract.title_above.example], *[["explanation"]] * (contract.header_row - 2)]

    def row(self, number: int, **changes: str) -> list[str]:
        """Return the values of a sound row, with some changed (by header)."""
        unknown = changes.keys() - self.sound.keys()
        assert not unknown, unknown
        return [changes.get(header, value.replace("{n}", str(number))) for header, value in self.sound.items()]

    def content(self, rows: list[list[str]]) -> bytes:
        """Return the bytes of a CSV file of `rows`."""
        contract = self.own_contract
        above = self.above or [["explanation"]] * (contract.header_row - 1)
        lines = [*above, list(self.sound), *rows]
        text = "".join(
            contract.delimiter.join(
                f'"{value}"' if "\n" in value or contract.delimiter in value else value for value in line
            )
            + "\r\n"
            for line in lines
        )
        return text.encode(contract.encoding)


RECORDED_CRIME = Form(
    "police/recorded_crime",
    "2008-04-leicestershire-melton-recorded-crime.csv",
    """
    Crime No        | LC/{n}/08              | present, pattern=unknown
    HO Class        | 028/01                 | present, pattern=04-Oct
    Offence         | Burglary in a dwelling
    Date Recorded   | 14/04/2008             | present, date=31/04/2008, !recorded_in_file_period=01/05/2008
    Date From       | 12/04/2008             | date=04/31/2008
    Date To         | 13/04/2008             | date=13/04/08, !happened_in_order=11/04/2008
    Time From       | 23:15
    Beat            | NR31
    Ward            | E05005503
    Locality        | Fairmead Estate
    Easting         | 475250                 | number=east, minimum=-1, maximum=4752501
    Northing        | 319000                 | number=north, minimum=-1, maximum=3190001
    Premises Type   | Dwelling
    DV Flag         | N                      | boolean=perhaps
    Hate Flag       | N                      | boolean=2
    Alcohol Flag    | Y                      | boolean=?
    Outcome         | Undetected
    No Crime        | N                      | present, boolean=X
    No Crime Reason
    Transferred To
    Last Updated    | 02/05/2008             | date=yesterday
    """,
    others=(
        ({"Crime No": "Grand Total", "HO Class": "", "Date Recorded": ""}, "crime_number_is_no_total", "Crime No"),
    ),
    repeats="crime_number_repeated",
)

INCIDENTS = Form(
    "police/incidents",
    "2008-04-leicestershire-melton-incidents.csv",
    """
    Incident No      | 20080401-{n}                  | is_no_total=TOTAL, present
    Created          | 14/04/2008                    | present, date=2008-04-14, !created_in_file_period=14/03/2008
    Time             | 23:15
    Opening Category | Noise
    Closing Category | Rowdy/inconsiderate behaviour | present
    Qualifier        | Alcohol;Underage
    Source           | 999
    Grade            | 1
    Beat             | NR31
    Ward             | E05005503
    Locality         | Fairmead Estate
    Easting          | 475250                        | number=east, minimum=-1, maximum=4752501
    Northing         | 319000                        | number=north, minimum=-1, maximum=3190001
    Linked Crime No
    Result           | Advice given
    Duplicate Of
    """,
    repeats="incident_number_repeated",
)

ROAD = Form(
    "police/road_casualties",
    "2008-leicestershire-road-casualties.csv",
    """
    Accident_Index             | 2008331{n} | is_no_total=Total, present
    Casualty_Reference         | 1          | present, integer=1.5, minimum=0
    Police_Force               | 33
    Accident_Severity          | 3          | integer=slight, minimum=0, maximum=4
    Casualty_Severity          | 3          | present, integer=slight, minimum=0, maximum=4
    Date                       | 14/02/2008 | present, date=14-Feb-2008, !collision_in_file_period=01/01/2009
    Time                       | 17:42
    Local_Authority_(District) | 365        | present, pattern=Melton
    Location_Easting_OSGR      | 475250     | number=east, minimum=-1, maximum=4752501
    Location_Northing_OSGR     | 319000     | number=north, minimum=-1, maximum=3190001
    Number_of_Vehicles         | 2          | integer=two, minimum=-1
    Number_of_Casualties       | 1          | integer=one, minimum=0
    1st_Road_Class             | 3
    Speed_limit                | 60         | integer=fast, minimum=-2, maximum=80
    Casualty_Class             | 1          | integer=driver, minimum=0, maximum=4
    Casualty_Type              | 9          | integer=car
    Sex_of_Casualty            | 1          | integer=M, minimum=-2, maximum=4
    Age_of_Casualty            | -1         | integer=old, minimum=-2, maximum=121
    """,
    repeats="casualty_repeated",
)

FIRE = Form(
    "fire/incidents",
    "2009-05-leicestershire-fire-incidents.csv",
    """
    Incident Number             | {n}-01052009 | is_no_total=Totals, present
    Date                        | 14/05/2009   | present, date=30/02/2009, !called_in_file_period=01/06/2009
    Time of Call                | 17:42:10
    Local Authority             | E07000133
    Ward                        | E05005503
    Easting                     | 475***
    Northing                    | 319***
    Incident Category           | Fire         | present, known=Flood
    Property Category           | Dwelling
    Is Primary Fire             | yes          | boolean=maybe, !fire_is_primary_or_not
    Cause of Fire               | Accidental   | !motive_known=Lightning
    Is Fire Confined to Chimney | no           | boolean=?
    Road Traffic Collision      | no           | boolean=?
    Fire Fatalities             | 0            | integer=one, minimum=-1
    Non-fatal Casualties        | 1            | integer=one, minimum=-1
    Rescues                     | 0            | integer=one, minimum=-1
    """,
    repeats="incident_number_repeated",
)

FDR = Form(
    "fire/incidents.fdr",
    "2008-05-leicestershire-fdr-return.csv",
    """
    Form                        | FDR1         | is_no_total=Total, present, known=FDR2
    Incident Number             | {n}-01052008
    Date                        | 14/05/2008   | date=30/02/2008, !called_in_file_period=01/06/2008
    Local Authority             | E07000133    | present
    Property Category           | Dwelling
    Is Primary Fire             | yes          | present, boolean=maybe
    Cause of Fire               | Accidental   | !motive_known=Lightning
    Is Fire Confined to Chimney | no           | boolean=?
    Fire Fatalities             | 0            | integer=one, minimum=-1
    Non-fatal Casualties        | 1            | integer=one, minimum=-1
    Rescues                     | 0            | integer=one, minimum=-1
    Number of Fires             | 1            | present, integer=some
    """,
    others=(
        ({"Date": ""}, "report_is_of_one_fire", None),
        ({"Form": "FDR3", "Number of Fires": "-1"}, "number_of_fires_minimum", "Number of Fires"),
    ),
    repeats="incident_number_repeated",
)

AVON = Form(
    "fire/incidents.avon",
    "afrs_attended_incidents_july_2014.csv",
    """
    Day                          | 1
    Month                        | July                      | !called_in_file_period=August
    Year                         | 2014
    Time of Call                 | 01:54:02
    Incident Number              | {n}-01072014              | present
    X Coordinate                 | 376***
    Y Coordinate                 | 165***
    Unitary Authority            | BANES
    Ward                         | ABBEY
    Incident Category            | Fire                      | present, known=Flood
    Property Category            | Dwelling
    Is Primary Fire              | yes                       | boolean=maybe, !fire_is_primary_or_not
    Cause of Fire                | Deliberate – own property | !motive_known=Lightning
    Is Fire Confined to Chimney? | no                        | boolean=?
    Road Traffic Collision       | no                        | boolean=?
    No. of fire fatalities       | 0                         | integer=one, minimum=-1
    No. of injuries              | 1                         | integer=one, minimum=-1
    No. of rescues               |                           | integer=one, minimum=-1
    """,
    others=(
        ({"Day": "", "Month": "", "Year": ""}, "incident_date_present", "Day Month Year"),
        ({"Day": "31", "Month": "June"}, "incident_date_date", "Day Month Year"),
    ),
    repeats="incident_number_repeated",
)

CSP = Form(
    "home_office/csp_recorded_crime",
    "prc-csp-2009-01.csv",
    """
    Financial Year | 2008/09 | is_no_total=Total, present, pattern=2008-09, !year_is_file_year=2009/10
    Financial Quarter   | 4                      | present, integer=Q4, minimum=0, maximum=5, !quarter_is_file_quarter=1
    Force Name          | Leicestershire
    CSP Name            | Melton {n}             | present
    Offence Description | Burglary in a dwelling
    Offence Group       | Theft offences
    Offence Subgroup    | Domestic burglary
    Offence Code        | 28A                    | present, pattern=burglary
    Number of Offences  | "-3,416 "              | present=[x], integer=34,16
    """,
    repeats="partnership_and_offence_repeated",
)

CSP_ANNUAL = Form(
    "home_office/csp_recorded_crime_annual",
    "crime_data_by_csp_2011-12.csv",
    """
    CSP Name            | Melton                 | is_no_total=Grand total, present
    Offence Description | Burglary in a dwelling
    Offence Group       | Theft offences
    Offence Subgroup    | Domestic burglary
    Offence Code        | 28A                    | present, pattern=burglary
    Number of Offences  | -1                     | present, integer=few
    """,
)

TABLE_C2 = Form(
    "home_office/csp_headline_crime",
    "ons_la_crime_policeforceareatablesyejune25final.csv",
    r"""
    Police Force\nArea code                           | E23000021                  | pattern=Leics
    Police Force\nArea name                           | Leicestershire             | present
    Community Safety\nPartnership code                | E22000169                  | pattern=E22
    Community Safety\nPartnership name                | Melton {n}
    Local Authority code                              | Combined Local Authorities | pattern=Melton
    Local Authority name
    Total recorded crime\n (excluding fraud)          | "3,416 "                   | number=many
    Violence against the person                       | [x]
    Homicide                                          | [x]
    Death or serious injury caused by illegal driving | [x]
    Violence with injury                              | [x]
    Violence without injury                           | [x]
    Stalking and harassment                           | [x]
    Sexual offences                                   | [x]
    Robbery                                           | [x]
    Theft offences                                    | [x]
    Burglary                                          | [x]
    Residential burglary                              | [x]
    Non-residential burglary                          | [x]
    Vehicle offences                                  | [x]
    Theft from the person                             | [x]
    Bicycle theft                                     | [x]
    Shoplifting                                       | [x]
    All other theft offences                          | [x]
    Criminal damage and arson                         | [x]
    Drug offences                                     | [x]
    Possession of weapons offences                    | [x]
    Public order offences                             | [x]
    Miscellaneous crimes against society              | [x]
    """,
    repeats="partnership_once",
    uniform=r"(?!total_recorded_crime)\w+_number",
)

POPULATION = Form(
    "ons/population",
    "2008-mid-year-estimates.csv",
    """
    Area Code  | E0{n}  | is_no_total=Total, present, pattern=31UG
    Sex        | all    | present, known=F
    Age        | 90+    | present, pattern=85-89
    Population | 48,800 | present, integer=48.8, minimum=-1
    """,
    repeats="estimate_repeated",
)

NOMIS = Form(
    "ons/population.nomis",
    "nomis_NM_2002_1_mye_leics_2011.tsv",
    """
    GEOGRAPHY_CODE | E0{n} | present, pattern=31UG
    GENDER         | 1     | present, integer=M, minimum=-1, maximum=3
    C_AGE          | 101   | present, integer=old, minimum=100, maximum=300
    OBS_VALUE      | 2596  | present, integer=few, minimum=-1
    """,
    repeats="estimate_repeated",
)


def _single_years(
    document: str,
    name: str,
    identifiers: str,
    total: str = "total_population",
    bands: tuple[str, ...] = (),
    repeats: str = "area_repeated",
    age_17: str = "present, number=two, minimum=-2",
) -> Form:
    in_bands = [f"{band} | 60.0" for band in bands]
    ages = [f"{age} | 2.0 | {age_17 if age == 17 else ''}" for age in range(90)]
    total = f"{total} | 200.0 | present, number=many, minimum=-1, !ages_add_up=201"
    return Form(
        document,
        name,
        "\n".join([identifiers.strip(), total, *in_bands, *ages, "90+ | 20.0"]),
        repeats=repeats,
        uniform=r"age_(?!17)\w+_(present|number|minimum)",
    )


LSOAS = _single_years(
    "ons/population.lsoa_single_year",
    "humaniverse_population19_lsoa11_leics.csv",
    """
    lsoa11_name | Melton
    lsoa11_code | E0{n}  | present, pattern=Melton
    """,
)
DISTRICTS = _single_years(
    "ons/population.ltla_single_year",
    "humaniverse_population20_ltla21.csv",
    """
    ltla21_code | E0{n}  | present, pattern=Melton
    ltla21_name | Melton
    """,
)
BY_SEX = _single_years(
    "ons/population.single_year_by_sex",
    "trafford_mid_2022_lsoa21.csv",
    """
    period           | 2022-06-30    | present, date=June, !mid_year_in_file_period=2021-06-30
    area_code        | E0{n}         | is_no_total=Total, present, pattern=Trafford
    area_name        | Trafford 025A
    geography        | LSOA          | present, !geography_is_file_geography=Local authority
    sex              | Persons       | present, known=all
    """,
    "all_ages",
    ("aged_0_to_15", "aged_16_to_64", "aged_65_and_over"),
    "estimate_repeated",
)

AS_TABLES = _single_years(
    "ons/population.published",
    "mid-year-estimates-2022-e06000001-374-to-2023.csv",
    """
    Area code        | E0{n}         | present, pattern=Trafford
    Area name        | Trafford
    Sex              | Persons       | present, known=all
    Series to        | 2023          | present, integer=late, minimum=1900
    Sent as          | row 5         | present
    """,
    "All ages",
    repeats="estimate_repeated",
    age_17="number=two, minimum=-2",
)

HOUSEHOLDS = Form(
    "ons/population.households",
    "humaniverse_households21_ltla21.csv",
    """
    ltla21_name | Melton
    ltla21_code | E0{n}   | present, pattern=Melton
    households  | 22800.0 | present, number=many, minimum=-1
    """,
    repeats="area_repeated",
)

FORMS = [
    RECORDED_CRIME,
    INCIDENTS,
    ROAD,
    FIRE,
    FDR,
    AVON,
    CSP,
    CSP_ANNUAL,
    TABLE_C2,
    POPULATION,
    NOMIS,
    LSOAS,
    DISTRICTS,
    BY_SEX,
    AS_TABLES,
    HOUSEHOLDS,
]

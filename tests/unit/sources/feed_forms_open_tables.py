"""The open tables of departments and services that describe more than police forces and partnerships."""

from .feed_forms import Form

FLY_TIPPING = Form(
    "council/fly_tipping",
    "fly-tipping-2022-23.csv",
    """
    Year            | 2022-23 | present, pattern=2022, !year_is_file_year=2021-22
    ONS Code        | E0{n}   | present, pattern=Melton
    LA Name         | Melton  | is_no_total=East Midlands Total
    Total Incidents | 1,531   | present, integer=many, minimum=-1
    """,
    repeats="district_repeated",
)

LONDON_FIRES = Form(
    "fire/incidents.london",
    "lfb-incidents-2018-01.csv",
    """
    IncidentNumber      | {n}-01012018   | present
    DateOfCall          | 01-Jan-18      | present, date=1.1.2018, !called_in_file_period=01-Feb-18
    TimeOfCall          | 00:04:25
    IncidentGroup       | Fire           | present, known=Flood
    StopCodeDescription | Secondary Fire | present
    PropertyCategory    | Outdoor
    IncGeo_BoroughCode  | E09000022
    IncGeo_WardCode     | E05013667
    """,
    repeats="incident_number_repeated",
)

FORMS = [FLY_TIPPING, LONDON_FIRES]

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

FINGERTIPS = Form(
    "ohid/fingertips",
    "fingertips-2021-91414-to-92447-of-2-districts-uas-pre-apr-2023.csv",
    """
    Indicator ID         | 91414              | present, integer=many
    Indicator Name       | Alcohol admissions | present
    Area Code            | E07000{n}          | present
    Area Name            | Melton
    Area Type            | Districts          | present
    Sex                  | Persons            | present
    Age                  | All ages           | present
    Category Type
    Category
    Time period          | 2021/22            | present
    Value                | 493.2              | number=many
    Lower CI 95.0 limit  | 436.1              | number=many
    Upper CI 95.0 limit  | 555.6              | number=many
    Count                | 270                | number=many
    Denominator          | 51751              | number=many
    Value note
    Time period Sortable | 20210000           | present, integer=soon, minimum=2021, maximum=99990000
    """,
)

FORMS = [FLY_TIPPING, LONDON_FIRES, FINGERTIPS]

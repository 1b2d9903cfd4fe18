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

FORMS = [FLY_TIPPING]

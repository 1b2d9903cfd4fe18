"""Forms of the feeds that data.police.uk hands out beside street-level crime."""

from .feed_forms import Form

_CRIME_ID = "0" * 57 + "{n}"

OUTCOMES = Form(
    "police/outcomes",
    "2021-04-leicestershire-outcomes.csv",
    f"""
    Crime ID     | {_CRIME_ID}           | present, pattern=LC/1/21
    Month        | 2021-04               | present, date=spring, !month_is_file_month=2021-05
    Reported by  | Leicestershire Police | present
    Falls within | Leicestershire Police | present, !force_is_file_force=Kent Police
    Longitude    | -1.212224             | number=west, minimum=-90, maximum=52.6, !coordinates_together=
    Latitude     | 52.62343              | number=north, minimum=-1.2, maximum=526
    Location     | On or near High Street
    LSOA code    | E01025631             | pattern=Blaby 002A
    LSOA name    | Blaby 002A
    Outcome type | Suspect charged       | present
    """,
)

# The last hour of March in UTC is the first of April by British Summer Time.
STOPS = Form(
    "police/stop_and_search",
    "2021-04-leicestershire-stop-and-search.csv",
    """
    Type                                     | Person search             | present, known=Strip search
    Date                                     | 2021-03-31T23:30:00+00:00 | present, pattern=2021-04-01, \
!month_is_file_month=2021-03-31T22:59:59+00:00, !month_is_file_month=2021-03-31T23:30:00+01:00, \
!month_is_file_month=2021-05-01T00:30:00+00:00
    Part of a policing operation             | False                     | boolean=perhaps
    Policing operation                       | Operation Sceptre
    Latitude                                 | 52.629729                 | number=north, minimum=-1.2, maximum=526
    Longitude                                | -1.131592                 | number=west, minimum=-90, maximum=52.6, \
!coordinates_together=
    Gender                                   | Male
    Age range                                | 18-24
    Self-defined ethnicity                   | White - Irish
    Officer-defined ethnicity                | White
    Legislation                              | Misuse of Drugs Act 1971 (section 23)
    Object of search                         | Controlled drugs
    Outcome                                  | A no further action disposal
    Outcome linked to object of search       | True                      | boolean=perhaps
    Removal of more than just outer clothing |                           | boolean=perhaps
    """,
)

FORMS = [OUTCOMES, STOPS]

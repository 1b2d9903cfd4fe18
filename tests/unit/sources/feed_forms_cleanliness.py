"""Forms of the council's feeds on anti-social behaviour and on the cleanliness of streets."""

from .feed_forms import Form

ASB_CASES = Form(
    "council/asb_cases",
    "2008-04-melton-asb-cases.csv",
    """
    Case Ref       | ASB/08/{n}     | is_no_total=Total, present
    Received       | 14/04/2008     | present, date=04/14/2008
    Incident Date  | 13/04/2008     | date=Monday, !happened_before_it_was_received=15/04/2008
    Category       | Noise          | present
    Street         | Burton Street
    Locality       | Burton Street
    Ward           | egerton ward
    Status         | Closed         | present, pattern=Pending
    Complainant ID | C{n}
    Closed         | 30/04/2008     | date=soon, !closed_after_it_was_received=13/04/2008
    Action         | Warning letter
    Source         | Telephone
    """,
    others=(
        ({"Received": "31/03/2008", "Incident Date": ""}, "received_in_file_period", None),
        ({"Received": "01/05/2008", "Status": "Reopened", "Closed": ""}, "received_in_file_period", None),
    ),
    repeats="case_reference_repeated",
)

STREET_CLEANLINESS = Form(
    "council/street_cleanliness",
    "2008-04-melton-street-cleanliness.csv",
    """
    Site Ref    | EG-{n}                | is_no_total=Total, present
    Tranche     | 1                     | present, integer=one, !tranche_is_file_tranche=2
    Survey Date | 14/05/2008            | present, date=05/14/2008, !surveyed_in_file_tranche=01/08/2008
    Ward        | E05005503             | present, pattern=Egerton
    Land Use    | Rural roads           | present, known=Rural road
    Litter      | A                     | pattern=E
    Detritus    | B-                    | pattern=D-
    Graffiti    | a                     | pattern=A+
    Fly-posting | NA                    | pattern=1
    NA Reason   | No surface to post on | !reason_is_no_grade=b-
    """,
    repeats="site_reference_repeated",
)

FORMS = [ASB_CASES, STREET_CLEANLINESS]

"""Forms of the feeds on offenders and on those at risk: probation, youth offending, priority offenders, MARAC."""

from .feed_forms import Form

MARAC = Form(
    "partners/marac_cases",
    "2008-04-melton-rutland-marac-cases.csv",
    """
    Case No         | MR/{n}     | is_no_total=Total, present
    Meeting         | 16/04/2008 | present, date=04/16/2008, !met_in_file_period=21/05/2008
    Victim ID       | V{n}       | present
    Perpetrator ID  | P{n}       | present
    Referral Agency | Police
    Referred On     | 25/03/2008 | present, date=last week, !referred_before_it_was_heard=17/04/2008
    Repeat          | N          | boolean=perhaps
    Children        | 2          | integer=two, minimum=-1, maximum=21
    Area            | E07000133  | present, pattern=Melton
    """,
    repeats="case_number_repeated",
)

YOUNG = Form(
    "partners/young_offenders",
    "2008-01-leicestershire-rutland-yos-young-offenders.csv",
    """
    Young Person ID    | Y{n}       | is_no_total=Total, present
    Cohort Date        | 14/02/2008 | present, date=02/14/2008, !disposed_of_in_file_period=01/04/2008
    Disposal           | Reprimand  | present, known=Fixed penalty notice
    Age                | 15         | present, integer=some, minimum=9, maximum=21
    First-time Entrant | Y          | present, boolean=perhaps
    Follow-up Months   | 12         | present, integer=a year, follow_up_known=10, !followed_up_as_far_as_counted=9
    Re-offences 3m     | 0          | !reoffences_only_add_up=2, integer=some, minimum=-1, maximum=101
    Re-offences 6m     | 1          | !reoffences_only_add_up=2, integer=some, minimum=-1, maximum=101
    Re-offences 9m     | 1          | !reoffences_only_add_up=3, integer=some, minimum=-1, maximum=101
    Re-offences 12m    | 2          | integer=some, minimum=-1, maximum=101
    Seriousness        | 3          | integer=some, minimum=0, maximum=9
    """,
    others=(({"Re-offences 6m": ""}, "followed_up_as_far_as_counted", None),),
    repeats="disposal_repeated",
)

PROBATION = Form(
    "partners/probation_reoffending",
    "2008-04-leicestershire-probation-reoffending.csv",
    """
    Offender ID           | N{n}       | is_no_total=Total, present
    Snapshot              | 30/06/2008 | present, date=June, !on_the_caseload_in_file_period=01/07/2008
    Tier                  | 2          | integer=some, minimum=0, maximum=5
    Age                   | 27         | present, integer=some, minimum=17, maximum=111
    Predicted Probability | 0.094      | present, number=high, minimum=-0.1, maximum=9.4
    Re-offended           | N          | boolean=perhaps
    Residence             | E07000133  | present, pattern=Melton
    """,
    repeats="offender_repeated",
)

PRIORITY = Form(
    "partners/priority_offenders",
    "2008-09-leicestershire-mappom-priority-offenders.csv",
    """
    Offender ID        | M{n}       | is_no_total=Total, present
    On List Since      | 14/11/2007 | present, date=2007, !on_the_list_before_the_year_ends=01/04/2009
    Residence          | E07000133  | present, pattern=Melton
    Convictions Before | 3          | present, integer=some, minimum=-1, maximum=100
    Convictions After  | 2          | integer=some, minimum=-1, maximum=100
    """,
    repeats="offender_repeated",
)

FORMS = [MARAC, YOUNG, PROBATION, PRIORITY]

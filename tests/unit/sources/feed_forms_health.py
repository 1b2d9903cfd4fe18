"""Forms of the feeds of the primary care trust and the drug action team."""

from .feed_forms import Form

FURTHER_DIAGNOSES = "\n".join(f"DIAG_{number:02d} | | pattern=liver" for number in range(3, 21))

ADMISSIONS = Form(
    "pct/hospital_admissions",
    "2008-04-leicestershire-rutland-hospital-admissions.csv",
    """
    EPIKEY   | 50000{n}   | is_no_total=Grand total, present
    ADMIDATE | 14/04/2008 | present, date=04/14/2008, !admitted_in_file_period=31/03/2008
    EPISTART | 14/04/2008 | date=today
    EPIORDER | 1          | present, integer=first, minimum=0, maximum=100
    ADMIMETH | 21
    CLASSPAT | 1          | known=6
    DIAG_01  | K703       | present, pattern=liver
    DIAG_02  | I10X       | pattern=liver
"""
    + FURTHER_DIAGNOSES
    + """
    CAUSE    |            | pattern=fall
    SEX      | 1          | known=M
    STARTAGE | 54         | integer=old, minimum=-1, !age_possible=121
    RESLADST | E07000133  | pattern=Melton
    POSTOUT  | LE13       | pattern=LEICESTER
    PROCODE  | RWE
    DISDATE  | 17/04/2008 | date=17/04/08, !discharged_in_order=13/04/2008
    """,
    repeats="episode_id_repeated",
)

ASSAULTS = Form(
    "pct/assault_attendances",
    "2008-10-leicestershire-rutland-assault-attendances.csv",
    """
    Attendance ID | AE{n}                           | is_no_total=TOTAL, present
    Arrival Date  | 12/10/2008                      | present, date=Sunday, !arrived_in_file_period=01/11/2008
    Arrival Time  | 00:35                           | pattern=24:00
    Assault Date  | 11/10/2008                      | date=last night, !assaulted_before_arrival=13/10/2008
    Assault Time  | 23:15                           | pattern=late
    Location      | outside pub, Melton town centre
    Weapon        | Fist
    Assailant     | Stranger
    Alcohol       | Y                               | boolean=maybe
    Police Told   | N                               | boolean=?
    Department    | Leicester Royal Infirmary
    """,
    repeats="attendance_id_repeated",
)

TREATMENT = Form(
    "pct/drug_treatment",
    "2009-03-leicestershire-daat-drug-treatment.csv",
    """
    Client              | C00{n}                          | is_no_total=Total, present
    Agency              | EM12
    Triage Date         | 02/06/2008                      | present, date=June
    Modality            | Specialist prescribing
    Modality Start      | 09/06/2008                      | date=soon
    Modality End        | 15/12/2008                      | date=15-12
    Discharge Date      | 15/12/2008                      | date=15-12, !discharged_after_triage=01/06/2008
    Discharge Reason    | Treatment completed - drug free
    Problem Substance 1 | 1101                            | present, pattern=heroin
    Problem Substance 2 |                                 | pattern=heroin
    Problem Substance 3 |                                 | pattern=heroin
    DAT of Residence    | E07000133                       | pattern=here
    """,
    others=(
        ({"Modality Start": "", "Modality End": "15/12/2008"}, "ended_in_order", None),
        ({"Modality Start": "01/04/2009", "Modality End": ""}, "began_by_the_end", None),
        (
            {"Modality Start": "01/02/2008", "Modality End": "31/03/2008", "Triage Date": "01/02/2008"},
            "in_treatment_in_the_period",
            None,
        ),
    ),
)

FORMS = [ADMISSIONS, ASSAULTS, TREATMENT]

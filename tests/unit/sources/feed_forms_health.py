"""Forms of the feeds of the primary care trust and the drug action team."""

from .feed_forms import Form

DIAGNOSES = [f"DIAG_{number:02d}" for number in range(1, 21)]

ADMISSIONS = Form(
    "pct/hospital_admissions",
    "2008-04-leicestershire-rutland-hospital-admissions.csv",
    {
        "EPIKEY": "50000{n}",
        "ADMIDATE": "14/04/2008",
        "EPISTART": "14/04/2008",
        "EPIORDER": "1",
        "ADMIMETH": "21",
        "CLASSPAT": "1",
        **{header: {"DIAG_01": "K703", "DIAG_02": "I10X"}.get(header, "") for header in DIAGNOSES},
        "CAUSE": "",
        "SEX": "1",
        "STARTAGE": "54",
        "RESLADST": "E07000133",
        "POSTOUT": "LE13",
        "PROCODE": "RWE",
        "DISDATE": "17/04/2008",
    },
    [
        ({"EPIKEY": "Grand total"}, "episode_id_is_no_total", "EPIKEY"),
        ({"EPIKEY": ""}, "episode_id_present", "EPIKEY"),
        ({"ADMIDATE": ""}, "admission_date_present", "ADMIDATE"),
        ({"ADMIDATE": "04/14/2008"}, "admission_date_date", "ADMIDATE"),
        ({"ADMIDATE": "31/03/2008"}, "admitted_in_file_period", None),
        ({"EPISTART": "today"}, "episode_start_date", "EPISTART"),
        ({"EPIORDER": ""}, "episode_order_present", "EPIORDER"),
        ({"EPIORDER": "first"}, "episode_order_integer", "EPIORDER"),
        ({"EPIORDER": "0"}, "episode_order_minimum", "EPIORDER"),
        ({"EPIORDER": "100"}, "episode_order_maximum", "EPIORDER"),
        ({"CLASSPAT": "6"}, "patient_class_known", "CLASSPAT"),
        ({"DIAG_01": ""}, "diagnosis_01_present", "DIAG_01"),
        *(({header: "liver"}, f"diagnosis_{header[-2:]}_pattern", header) for header in DIAGNOSES),
        ({"CAUSE": "fall"}, "external_cause_pattern", "CAUSE"),
        ({"SEX": "M"}, "sex_known", "SEX"),
        ({"STARTAGE": "old"}, "age_integer", "STARTAGE"),
        ({"STARTAGE": "-1"}, "age_minimum", "STARTAGE"),
        ({"STARTAGE": "121"}, "age_possible", None),
        ({"RESLADST": "Melton"}, "district_code_pattern", "RESLADST"),
        ({"POSTOUT": "LEICESTER"}, "outward_postcode_pattern", "POSTOUT"),
        ({"DISDATE": "17/04/08"}, "discharge_date_date", "DISDATE"),
        ({"DISDATE": "13/04/2008"}, "discharged_in_order", None),
    ],
    repeats=["episode_id_repeated"],
    sheet="Hospital admissions",
)

ASSAULTS = Form(
    "pct/assault_attendances",
    "2008-10-leicestershire-rutland-assault-attendances.csv",
    {
        "Attendance ID": "AE{n}",
        "Arrival Date": "12/10/2008",
        "Arrival Time": "00:35",
        "Assault Date": "11/10/2008",
        "Assault Time": "23:15",
        "Location": "outside pub, Melton town centre",
        "Weapon": "Fist",
        "Assailant": "Stranger",
        "Alcohol": "Y",
        "Police Told": "N",
        "Department": "Leicester Royal Infirmary",
    },
    [
        ({"Attendance ID": "TOTAL"}, "attendance_id_is_no_total", "Attendance ID"),
        ({"Attendance ID": ""}, "attendance_id_present", "Attendance ID"),
        ({"Arrival Date": ""}, "arrival_date_present", "Arrival Date"),
        ({"Arrival Date": "Sunday"}, "arrival_date_date", "Arrival Date"),
        ({"Arrival Date": "01/11/2008"}, "arrived_in_file_period", None),
        ({"Arrival Time": "24:00"}, "arrival_time_pattern", "Arrival Time"),
        ({"Assault Date": "last night"}, "assault_date_date", "Assault Date"),
        ({"Assault Date": "13/10/2008"}, "assaulted_before_arrival", None),
        ({"Assault Time": "late"}, "assault_time_pattern", "Assault Time"),
        ({"Alcohol": "maybe"}, "alcohol_involved_boolean", "Alcohol"),
        ({"Police Told": "?"}, "reported_to_police_boolean", "Police Told"),
    ],
    repeats=["attendance_id_repeated"],
    sheet="Assault attendances",
)

TREATMENT = Form(
    "pct/drug_treatment",
    "2009-03-leicestershire-daat-drug-treatment.csv",
    {
        "Client": "C00{n}",
        "Agency": "EM12",
        "Triage Date": "02/06/2008",
        "Modality": "Specialist prescribing",
        "Modality Start": "09/06/2008",
        "Modality End": "15/12/2008",
        "Discharge Date": "15/12/2008",
        "Discharge Reason": "Treatment completed - drug free",
        "Problem Substance 1": "1101",
        "Problem Substance 2": "",
        "Problem Substance 3": "",
        "DAT of Residence": "E07000133",
    },
    [
        ({"Client": "Total"}, "client_id_is_no_total", "Client"),
        ({"Client": ""}, "client_id_present", "Client"),
        ({"Triage Date": ""}, "triage_date_present", "Triage Date"),
        ({"Triage Date": "June"}, "triage_date_date", "Triage Date"),
        ({"Modality Start": "soon"}, "modality_start_date", "Modality Start"),
        ({"Modality Start": "", "Modality End": "15/12/2008"}, "ended_in_order", None),
        ({"Modality Start": "01/04/2009", "Modality End": ""}, "began_by_the_end", None),
        ({"Modality End": "15-12"}, "modality_end_date", "Modality End"),
        (
            {"Modality Start": "01/02/2008", "Modality End": "31/03/2008", "Triage Date": "01/02/2008"},
            "in_treatment_in_the_period",
            None,
        ),
        ({"Discharge Date": "15-12"}, "discharge_date_date", "Discharge Date"),
        ({"Discharge Date": "01/06/2008"}, "discharged_after_triage", None),
        ({"Problem Substance 1": ""}, "substance_1_present", "Problem Substance 1"),
        *(
            ({f"Problem Substance {number}": "heroin"}, f"substance_{number}_pattern", f"Problem Substance {number}")
            for number in (1, 2, 3)
        ),
        ({"DAT of Residence": "here"}, "area_of_residence_pattern", "DAT of Residence"),
    ],
    sheet="Drug treatment",
)

FORMS = [ADMISSIONS, ASSAULTS, TREATMENT]

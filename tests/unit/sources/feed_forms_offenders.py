"""Forms of the feeds on offenders and on those at risk: probation, youth offending, priority offenders, MARAC."""

from .feed_forms import Form

MARAC = Form(
    "partners/marac_cases",
    "2008-04-melton-rutland-marac-cases.csv",
    {
        "Case No": "MR/{n}",
        "Meeting": "16/04/2008",
        "Victim ID": "V{n}",
        "Perpetrator ID": "P{n}",
        "Referral Agency": "Police",
        "Referred On": "25/03/2008",
        "Repeat": "N",
        "Children": "2",
        "Area": "E07000133",
    },
    [
        ({"Case No": "Total"}, "case_number_is_no_total", "Case No"),
        ({"Case No": ""}, "case_number_present", "Case No"),
        ({"Meeting": ""}, "meeting_date_present", "Meeting"),
        ({"Meeting": "04/16/2008"}, "meeting_date_date", "Meeting"),
        ({"Meeting": "21/05/2008"}, "met_in_file_period", None),
        ({"Victim ID": ""}, "victim_id_present", "Victim ID"),
        ({"Perpetrator ID": ""}, "perpetrator_id_present", "Perpetrator ID"),
        ({"Referred On": ""}, "referred_on_present", "Referred On"),
        ({"Referred On": "last week"}, "referred_on_date", "Referred On"),
        ({"Referred On": "17/04/2008"}, "referred_before_it_was_heard", None),
        ({"Repeat": "perhaps"}, "repeat_as_typed_boolean", "Repeat"),
        ({"Children": "two"}, "children_integer", "Children"),
        ({"Children": "-1"}, "children_minimum", "Children"),
        ({"Children": "21"}, "children_maximum", "Children"),
        ({"Area": ""}, "district_code_present", "Area"),
        ({"Area": "Melton"}, "district_code_pattern", "Area"),
    ],
    repeats=["case_number_repeated"],
    sheet="MARAC cases",
)


def _counts(names: dict[str, tuple[str, str, str]]) -> list[tuple[dict[str, str], str, str | None]]:
    """Return for columns of whole numbers what is no number, what is too small and what is too large."""
    return [
        ({header: value}, f"{column}_{rule}", header)
        for header, (column, small, large) in names.items()
        for value, rule in (("some", "integer"), (small, "minimum"), (large, "maximum"))
    ]


YOUNG = Form(
    "partners/young_offenders",
    "2008-01-leicestershire-rutland-yos-young-offenders.csv",
    {
        "Young Person ID": "Y{n}",
        "Cohort Date": "14/02/2008",
        "Disposal": "Reprimand",
        "Age": "15",
        "First-time Entrant": "Y",
        "Follow-up Months": "12",
        "Re-offences 3m": "0",
        "Re-offences 6m": "1",
        "Re-offences 9m": "1",
        "Re-offences 12m": "2",
        "Seriousness": "3",
    },
    [
        ({"Young Person ID": "Total"}, "person_id_is_no_total", "Young Person ID"),
        ({"Young Person ID": ""}, "person_id_present", "Young Person ID"),
        ({"Cohort Date": ""}, "cohort_date_present", "Cohort Date"),
        ({"Cohort Date": "02/14/2008"}, "cohort_date_date", "Cohort Date"),
        ({"Cohort Date": "01/04/2008"}, "disposed_of_in_file_period", None),
        ({"Disposal": ""}, "disposal_present", "Disposal"),
        ({"Disposal": "Fixed penalty notice"}, "disposal_known", "Disposal"),
        ({"Age": ""}, "age_present", "Age"),
        ({"First-time Entrant": ""}, "first_time_entrant_present", "First-time Entrant"),
        ({"First-time Entrant": "perhaps"}, "first_time_entrant_boolean", "First-time Entrant"),
        ({"Follow-up Months": ""}, "follow_up_months_present", "Follow-up Months"),
        ({"Follow-up Months": "a year"}, "follow_up_months_integer", "Follow-up Months"),
        ({"Follow-up Months": "10"}, "follow_up_known", "Follow-up Months"),
        ({"Follow-up Months": "9"}, "followed_up_as_far_as_counted", None),
        ({"Re-offences 6m": ""}, "followed_up_as_far_as_counted", None),
        ({"Re-offences 3m": "2"}, "reoffences_only_add_up", None),
        ({"Re-offences 6m": "2"}, "reoffences_only_add_up", None),
        ({"Re-offences 9m": "3"}, "reoffences_only_add_up", None),
        *_counts(
            {
                "Age": ("age", "9", "21"),
                "Re-offences 3m": ("reoffences_3", "-1", "101"),
                "Re-offences 6m": ("reoffences_6", "-1", "101"),
                "Re-offences 9m": ("reoffences_9", "-1", "101"),
                "Re-offences 12m": ("reoffences_12", "-1", "101"),
                "Seriousness": ("seriousness", "0", "9"),
            }
        ),
    ],
    repeats=["disposal_repeated"],
    sheet="Young offenders",
)

PROBATION = Form(
    "partners/probation_reoffending",
    "2008-04-leicestershire-probation-reoffending.csv",
    {
        "Offender ID": "N{n}",
        "Snapshot": "30/06/2008",
        "Tier": "2",
        "Age": "27",
        "Predicted Probability": "0.094",
        "Re-offended": "N",
        "Residence": "E07000133",
    },
    [
        ({"Offender ID": "Total"}, "offender_id_is_no_total", "Offender ID"),
        ({"Offender ID": ""}, "offender_id_present", "Offender ID"),
        ({"Snapshot": ""}, "snapshot_date_present", "Snapshot"),
        ({"Snapshot": "June"}, "snapshot_date_date", "Snapshot"),
        ({"Snapshot": "01/07/2008"}, "on_the_caseload_in_file_period", None),
        ({"Age": ""}, "age_present", "Age"),
        ({"Predicted Probability": ""}, "predicted_probability_present", "Predicted Probability"),
        ({"Predicted Probability": "high"}, "predicted_probability_number", "Predicted Probability"),
        ({"Predicted Probability": "-0.1"}, "predicted_probability_minimum", "Predicted Probability"),
        ({"Predicted Probability": "9.4"}, "predicted_probability_maximum", "Predicted Probability"),
        ({"Re-offended": "perhaps"}, "reoffended_boolean", "Re-offended"),
        ({"Residence": ""}, "district_code_present", "Residence"),
        ({"Residence": "Melton"}, "district_code_pattern", "Residence"),
        *_counts({"Tier": ("tier", "0", "5"), "Age": ("age", "17", "111")}),
    ],
    repeats=["offender_repeated"],
    sheet="Probation caseload",
)

PRIORITY = Form(
    "partners/priority_offenders",
    "2008-09-leicestershire-mappom-priority-offenders.csv",
    {
        "Offender ID": "M{n}",
        "On List Since": "14/11/2007",
        "Residence": "E07000133",
        "Convictions Before": "3",
        "Convictions After": "2",
    },
    [
        ({"Offender ID": "Total"}, "offender_id_is_no_total", "Offender ID"),
        ({"Offender ID": ""}, "offender_id_present", "Offender ID"),
        ({"On List Since": ""}, "on_list_since_present", "On List Since"),
        ({"On List Since": "2007"}, "on_list_since_date", "On List Since"),
        ({"On List Since": "01/04/2009"}, "on_the_list_before_the_year_ends", None),
        ({"Residence": ""}, "district_code_present", "Residence"),
        ({"Residence": "Melton"}, "district_code_pattern", "Residence"),
        ({"Convictions Before": ""}, "convictions_before_present", "Convictions Before"),
        *_counts(
            {
                "Convictions Before": ("convictions_before", "-1", "100"),
                "Convictions After": ("convictions_after", "-1", "100"),
            }
        ),
    ],
    repeats=["offender_repeated"],
    sheet="Priority offenders",
)

FORMS = [MARAC, YOUNG, PROBATION, PRIORITY]

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

FORMS = [MARAC]

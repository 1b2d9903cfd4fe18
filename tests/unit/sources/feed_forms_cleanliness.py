"""Forms of the council's feeds on anti-social behaviour and on the cleanliness of streets."""

from .feed_forms import Form

STREET_CLEANLINESS = Form(
    "council/street_cleanliness",
    "2008-04-melton-street-cleanliness.csv",
    {
        "Site Ref": "EG-{n}",
        "Tranche": "1",
        "Survey Date": "14/05/2008",
        "Ward": "E05005503",
        "Land Use": "Rural roads",
        "Litter": "A",
        "Detritus": "B-",
        "Graffiti": "a",
        "Fly-posting": "NA",
        "NA Reason": "No surface to post on",
    },
    [
        ({"Site Ref": "Total"}, "site_reference_is_no_total", "Site Ref"),
        ({"Site Ref": ""}, "site_reference_present", "Site Ref"),
        ({"Tranche": ""}, "tranche_present", "Tranche"),
        ({"Tranche": "one"}, "tranche_integer", "Tranche"),
        ({"Tranche": "2"}, "tranche_is_file_tranche", None),
        ({"Survey Date": ""}, "survey_date_present", "Survey Date"),
        ({"Survey Date": "05/14/2008"}, "survey_date_date", "Survey Date"),
        ({"Survey Date": "01/08/2008"}, "surveyed_in_file_tranche", None),
        ({"Ward": ""}, "ward_code_present", "Ward"),
        ({"Ward": "Egerton"}, "ward_code_pattern", "Ward"),
        ({"Land Use": ""}, "land_use_present", "Land Use"),
        ({"Land Use": "Rural road"}, "land_use_known", "Land Use"),
        ({"Litter": "E"}, "litter_pattern", "Litter"),
        ({"Detritus": "D-"}, "detritus_pattern", "Detritus"),
        ({"Graffiti": "A+"}, "graffiti_pattern", "Graffiti"),
        ({"Fly-posting": "1"}, "flyposting_pattern", "Fly-posting"),
        ({"NA Reason": "b-"}, "reason_is_no_grade", None),
    ],
    repeats=["site_reference_repeated"],
    sheet="Transects",
)

ASB_CASES = Form(
    "council/asb_cases",
    "2008-04-melton-asb-cases.csv",
    {
        "Case Ref": "ASB/08/{n}",
        "Received": "14/04/2008",
        "Incident Date": "13/04/2008",
        "Category": "Noise",
        "Street": "Burton Street",
        "Locality": "Burton Street",
        "Ward": "egerton ward",
        "Status": "Closed",
        "Complainant ID": "C{n}",
        "Closed": "30/04/2008",
        "Action": "Warning letter",
        "Source": "Telephone",
    },
    [
        ({"Case Ref": "Total"}, "case_reference_is_no_total", "Case Ref"),
        ({"Case Ref": ""}, "case_reference_present", "Case Ref"),
        ({"Received": ""}, "received_on_present", "Received"),
        ({"Received": "04/14/2008"}, "received_on_date", "Received"),
        ({"Received": "31/03/2008", "Incident Date": ""}, "received_in_file_period", None),
        ({"Received": "01/05/2008", "Status": "Reopened", "Closed": ""}, "received_in_file_period", None),
        ({"Incident Date": "Monday"}, "incident_date_date", "Incident Date"),
        ({"Incident Date": "15/04/2008"}, "happened_before_it_was_received", None),
        ({"Category": ""}, "category_present", "Category"),
        ({"Status": ""}, "status_present", "Status"),
        ({"Status": "Pending"}, "status_pattern", "Status"),
        ({"Closed": "soon"}, "closed_on_date", "Closed"),
        ({"Closed": "13/04/2008"}, "closed_after_it_was_received", None),
    ],
    repeats=["case_reference_repeated"],
    sheet="ASB cases",
)

FORMS = [ASB_CASES, STREET_CLEANLINESS]

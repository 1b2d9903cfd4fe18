"""Forms of the surveys: residents, the citizens' panel, complainants, pupils, interviews of the force."""

from .feed_forms import Form

STRANDS = {
    "Noisy neighbours": "noisy_neighbours",
    "Teenagers": "teenagers_hanging_around",
    "Litter": "rubbish_or_litter",
    "Vandalism": "vandalism_or_graffiti",
    "Drugs": "drug_use_or_dealing",
    "Drunk or rowdy": "drunk_or_rowdy",
    "Abandoned cars": "abandoned_cars",
}
NO_PROBLEM = dict.fromkeys(STRANDS, "4")
WEIGHTS = [
    ({"Weight": ""}, "weight_present", "Weight"),
    ({"Weight": "heavy"}, "weight_number", "Weight"),
    ({"Weight": "0"}, "weight_is_positive", None),
]
DISTRICTS = [
    ({"District": ""}, "district_code_present", "District"),
    ({"District": "Melton"}, "district_code_pattern", "District"),
]
ADULTS = [
    ({"Age": "17"}, "age_minimum", "Age"),
    ({"Age": "old"}, "age_integer", "Age"),
    ({"Age": "111"}, "age_maximum", "Age"),
]


def numbered(header: str) -> list[tuple[dict[str, str], str, str | None]]:
    """Return what breaks the rules of a serial number."""
    return [
        ({header: "Total"}, "respondent_is_no_total", header),
        ({header: ""}, "respondent_present", header),
    ]


def question(header: str, name: str, outside: str) -> list[tuple[dict[str, str], str, str | None]]:
    """Return what breaks the rules of a question: text, a code that its scale lacks, and half an answer."""
    return [
        ({header: "very"}, f"{name}_integer", header),
        ({header: outside}, f"{name}_on_the_scale", header),
        ({header: "1.5"}, f"{name}_integer", header),
    ]


STRAND_QUESTIONS = [broken for header, name in STRANDS.items() for broken in question(header, name, "5")]

PLACE = Form(
    "council/place_survey",
    "2008-09-melton-place-survey.csv",
    {
        "Respondent": "R{n}",
        "District": "E07000133",
        "Mode": "postal",
        "Age": "47",
        **NO_PROBLEM,
        "Lack of respect": "3",
        "Parents": "8",
        "Dealing": "9",
        "Seek views": "-1",
        "Weight": "1.01",
    },
    [
        *numbered("Respondent"),
        *DISTRICTS,
        ({"Mode": "door"}, "mode_on_the_scale", "Mode"),
        *ADULTS,
        *STRAND_QUESTIONS,
        *question("Lack of respect", "lack_of_respect", "0"),
        *question("Parents", "parents_taking_responsibility", "6"),
        *question("Dealing", "police_and_council_dealing", "6"),
        *question("Seek views", "police_and_council_seeking_views", "7"),
        *WEIGHTS,
    ],
    repeats=["respondent_repeated"],
    sheet="Place Survey",
)

FEAR_OF_CRIME = Form(
    "council/fear_of_crime_survey",
    "2008-09-melton-fear-of-crime-survey.csv",
    {
        "Respondent": "P{n}",
        "District": "E07000133",
        "Age": "63",
        "Safe after dark": "4",
        "Safe in the day": "1",
        "Safe at home": "2",
        "Worry about crime": "3",
    },
    [
        *numbered("Respondent"),
        *DISTRICTS,
        *ADULTS,
        *question("Safe after dark", "safe_after_dark", "0"),
        *question("Safe in the day", "safe_in_day", "6"),
        *question("Safe at home", "safe_at_home", "7"),
        *question("Worry about crime", "worry_about_crime", "5"),
    ],
    repeats=["respondent_repeated"],
    sheet="Fear of crime survey",
)

COMPLAINANTS = Form(
    "council/asb_satisfaction",
    "2008-04-melton-asb-satisfaction.csv",
    {
        "Interview": "C{n}",
        "Interviewed": "14/06/2008",
        "District": "E07000133",
        "Sex": "female",
        "Age band": "65 and over",
        "Ethnic group": "white",
        "Satisfaction": "2",
    },
    [
        *numbered("Interview"),
        ({"Interviewed": ""}, "interview_date_present", "Interviewed"),
        ({"Interviewed": "06/14/2008"}, "interview_date_date", "Interviewed"),
        ({"Interviewed": "01/07/2008"}, "interviewed_in_file_period", None),
        *DISTRICTS,
        ({"Sex": "F"}, "sex_on_the_scale", "Sex"),
        ({"Age band": "60+"}, "age_band_on_the_scale", "Age band"),
        ({"Ethnic group": "W1"}, "ethnic_group_on_the_scale", "Ethnic group"),
        *question("Satisfaction", "satisfaction", "6"),
    ],
    repeats=["respondent_repeated"],
    sheet="Satisfaction of complainants",
)

YOUNG_PEOPLE = Form(
    "council/young_people_survey",
    "2008-09-leicestershire-young-people-survey.csv",
    {
        "Pupil": "S{n}",
        "Year group": "10",
        "Positive activity": "1",
        "Drunk": "2",
        "Drugs": "1",
        "Volatile substances": "1",
        "Weight": "0.99",
    },
    [
        *numbered("Pupil"),
        ({"Year group": ""}, "year_group_present", "Year group"),
        ({"Year group": "ten"}, "year_group_integer", "Year group"),
        ({"Year group": "9"}, "year_group_on_the_scale", "Year group"),
        *question("Positive activity", "positive_activity", "3"),
        *question("Drunk", "drunk", "5"),
        *question("Drugs", "drugs", "0"),
        *question("Volatile substances", "volatile_substances", "-9"),
        *WEIGHTS,
    ],
    repeats=["respondent_repeated"],
    sheet="Young people's survey",
)

INTERVIEWS = Form(
    "police/user_survey",
    "2008-09-leicestershire-user-survey.csv",
    {"Interview": "I{n}", **NO_PROBLEM, "Dealing": "1", "Seek views": "5", "Weight": "1"},
    [
        *numbered("Interview"),
        *STRAND_QUESTIONS,
        *question("Dealing", "police_and_council_dealing", "6"),
        *question("Seek views", "police_and_council_seeking_views", "0"),
        *WEIGHTS,
    ],
    repeats=["respondent_repeated"],
    sheet="Police user survey",
)

FORMS = [PLACE, FEAR_OF_CRIME, COMPLAINANTS, YOUNG_PEOPLE, INTERVIEWS]

"""Forms of the surveys: residents, the citizens' panel, complainants, pupils, interviews of the force."""

from .feed_forms import Form

STRANDS = ("Noisy neighbours", "Teenagers", "Litter", "Vandalism", "Drugs", "Drunk or rowdy", "Abandoned cars")

PLACE = Form(
    "council/place_survey",
    "2008-09-melton-place-survey.csv",
    """
    Respondent       | R{n}      | is_no_total=Total, present
    District         | E07000133 | present, pattern=Melton
    Mode             | postal    | on_the_scale=door
    Age              | 47        | minimum=17, integer=old, maximum=111
    Noisy neighbours | 4         | integer=very, on_the_scale=5, integer=1.5
    Teenagers        | 4         | integer=very, on_the_scale=5, integer=1.5
    Litter           | 4         | integer=very, on_the_scale=5, integer=1.5
    Vandalism        | 4         | integer=very, on_the_scale=5, integer=1.5
    Drugs            | 4         | integer=very, on_the_scale=5, integer=1.5
    Drunk or rowdy   | 4         | integer=very, on_the_scale=5, integer=1.5
    Abandoned cars   | 4         | integer=very, on_the_scale=5, integer=1.5
    Lack of respect  | 3         | integer=very, on_the_scale=0, integer=1.5
    Parents          | 8         | integer=very, on_the_scale=6, integer=1.5
    Dealing          | 9         | integer=very, on_the_scale=6, integer=1.5
    Seek views       | -1        | integer=very, on_the_scale=7, integer=1.5
    Weight           | 1.01      | present, number=heavy, !weight_is_positive=0
    """,
    repeats="respondent_repeated",
)

FEAR_OF_CRIME = Form(
    "council/fear_of_crime_survey",
    "2008-09-melton-fear-of-crime-survey.csv",
    """
    Respondent        | P{n}      | is_no_total=Total, present
    District          | E07000133 | present, pattern=Melton
    Age               | 63        | minimum=17, integer=old, maximum=111
    Safe after dark   | 4         | integer=very, on_the_scale=0, integer=1.5
    Safe in the day   | 1         | integer=very, on_the_scale=6, integer=1.5
    Safe at home      | 2         | integer=very, on_the_scale=7, integer=1.5
    Worry about crime | 3         | integer=very, on_the_scale=5, integer=1.5
    """,
    repeats="respondent_repeated",
)

COMPLAINANTS = Form(
    "council/asb_satisfaction",
    "2008-04-melton-asb-satisfaction.csv",
    """
    Interview    | C{n}        | is_no_total=Total, present
    Interviewed  | 14/06/2008  | present, date=06/14/2008, !interviewed_in_file_period=01/07/2008
    District     | E07000133   | present, pattern=Melton
    Sex          | female      | on_the_scale=F
    Age band     | 65 and over | on_the_scale=60+
    Ethnic group | white       | on_the_scale=W1
    Satisfaction | 2           | integer=very, on_the_scale=6, integer=1.5
    """,
    repeats="respondent_repeated",
)

YOUNG_PEOPLE = Form(
    "council/young_people_survey",
    "2008-09-leicestershire-young-people-survey.csv",
    """
    Pupil               | S{n} | is_no_total=Total, present
    Year group          | 10   | present, integer=ten, on_the_scale=9
    Positive activity   | 1    | integer=very, on_the_scale=3, integer=1.5
    Drunk               | 2    | integer=very, on_the_scale=5, integer=1.5
    Drugs               | 1    | integer=very, on_the_scale=0, integer=1.5
    Volatile substances | 1    | integer=very, on_the_scale=-9, integer=1.5
    Weight              | 0.99 | present, number=heavy, !weight_is_positive=0
    """,
    repeats="respondent_repeated",
)

INTERVIEWS = Form(
    "police/user_survey",
    "2008-09-leicestershire-user-survey.csv",
    """
    Interview        | I{n} | is_no_total=Total, present
    Noisy neighbours | 4    | integer=very, on_the_scale=5, integer=1.5
    Teenagers        | 4    | integer=very, on_the_scale=5, integer=1.5
    Litter           | 4    | integer=very, on_the_scale=5, integer=1.5
    Vandalism        | 4    | integer=very, on_the_scale=5, integer=1.5
    Drugs            | 4    | integer=very, on_the_scale=5, integer=1.5
    Drunk or rowdy   | 4    | integer=very, on_the_scale=5, integer=1.5
    Abandoned cars   | 4    | integer=very, on_the_scale=5, integer=1.5
    Dealing          | 1    | integer=very, on_the_scale=6, integer=1.5
    Seek views       | 5    | integer=very, on_the_scale=0, integer=1.5
    Weight           | 1    | present, number=heavy, !weight_is_positive=0
    """,
    repeats="respondent_repeated",
)

FORMS = [PLACE, FEAR_OF_CRIME, COMPLAINANTS, YOUNG_PEOPLE, INTERVIEWS]

"""The open tables of road collisions and casualties."""

from .feed_forms import Form

COLLISIONS = Form(
    "dft/collisions",
    "dft-road-casualty-statistics-collision-2023.csv",
    """
    collision_index              | 2023041{n} | is_no_total=Total, present
    police_force                 | 4          | integer=Lancashire
    collision_severity           | 3          | present, integer=slight, minimum=0, maximum=4
    number_of_vehicles           | 2          | integer=two, minimum=-1
    number_of_casualties         | 1          | integer=one, minimum=0
    date                         | 05/04/2023 | present, date=2023-04-05, !collision_in_file_period=05/04/2022
    time                         | 23:10
    local_authority_district     | -1         | integer=none, minimum=-2, maximum=1000
    local_authority_ons_district | E06000008  | pattern=Blackburn
    """,
    repeats="collision_repeated",
)

CASUALTIES = Form(
    "dft/casualties",
    "dft-road-casualty-statistics-casualty-2023.csv",
    """
    collision_index    | 2023041{n} | is_no_total=Total, present
    collision_year     | 2023       | present, date=April, !collision_in_file_year=2022
    vehicle_reference  | 1          | integer=car, minimum=0
    casualty_reference | 1          | present, integer=first, minimum=0
    casualty_class     | 1          | integer=driver, minimum=-2, maximum=10
    sex_of_casualty    | 1          | integer=M, minimum=-2, maximum=10
    age_of_casualty    | -1         | integer=old, minimum=-2, maximum=121
    casualty_severity  | 3          | present, integer=slight, minimum=0, maximum=4
    casualty_type      | 9          | integer=car
    """,
    repeats="casualty_repeated",
)

FORMS = [COLLISIONS, CASUALTIES]

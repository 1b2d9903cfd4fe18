"""A sound row of each form in which a feed is sent, and for each rule of its contract a way to break it."""

from dataclasses import dataclass, field

from sources.contract.load import Contract, load_contracts


@dataclass(frozen=True)
class Form:
    """One document: how its files look, in the words of the agency and not of the contract."""

    document: str
    name: str
    sound: dict[str, str]
    """Header to value; {n} stands for the row's number."""
    broken: list[tuple[dict[str, str], str, str | None]]
    """Changes to a sound row, the rule that it breaks first, and the column that is named."""
    repeats: list[str] = field(default_factory=list)
    """Rules against values that repeat: a row just like the first sound one breaks each."""
    delimiter: str = ","
    preamble: int = 0
    sheet: str | None = None
    uniform: str = "^$"
    """Pattern of rules that many columns have alike, of which one is broken for all."""

    @property
    def contract(self) -> Contract:
        """Return the contract of the feed."""
        return load_contracts()[self.document.split(".", 1)[0]]

    @property
    def own_contract(self) -> Contract:
        """Return the contract of this very form."""
        return next(one for one in self.contract.documents if one.document_id == self.document)

    def row(self, number: int, **changes: str) -> list[str]:
        """Return the values of a sound row, with some changed (by header)."""
        unknown = changes.keys() - self.sound.keys()
        assert not unknown, unknown
        return [changes.get(header, value.replace("{n}", str(number))) for header, value in self.sound.items()]

    def content(self, rows: list[list[str]]) -> bytes:
        """Return the bytes of a CSV file of `rows`."""
        lines = [["explanation"]] * self.preamble + [list(self.sound), *rows]
        text = "".join(
            self.delimiter.join(f'"{value}"' if "\n" in value or self.delimiter in value else value for value in line)
            + "\r\n"
            for line in lines
        )
        return text.encode(self.own_contract.encoding)


NOT_GRID = [
    ({"Easting": "east"}, "easting_number", "Easting"),
    ({"Easting": "-1"}, "easting_minimum", "Easting"),
    ({"Easting": "4752501"}, "easting_maximum", "Easting"),
    ({"Northing": "north"}, "northing_number", "Northing"),
    ({"Northing": "-1"}, "northing_minimum", "Northing"),
    ({"Northing": "3190001"}, "northing_maximum", "Northing"),
]

RECORDED_CRIME = Form(
    "police/recorded_crime",
    "2008-04-leicestershire-melton-recorded-crime.csv",
    {
        "Crime No": "LC/{n}/08",
        "HO Class": "028/01",
        "Offence": "Burglary in a dwelling",
        "Date Recorded": "14/04/2008",
        "Date From": "12/04/2008",
        "Date To": "13/04/2008",
        "Time From": "23:15",
        "Beat": "NR31",
        "Ward": "E05005503",
        "Locality": "Fairmead Estate",
        "Easting": "475250",
        "Northing": "319000",
        "Premises Type": "Dwelling",
        "DV Flag": "N",
        "Hate Flag": "N",
        "Alcohol Flag": "Y",
        "Outcome": "Undetected",
        "No Crime": "N",
        "No Crime Reason": "",
        "Transferred To": "",
        "Last Updated": "02/05/2008",
    },
    [
        ({"Crime No": "Grand Total", "HO Class": "", "Date Recorded": ""}, "crime_number_is_no_total", "Crime No"),
        ({"Crime No": ""}, "crime_number_present", "Crime No"),
        ({"Crime No": "unknown"}, "crime_number_pattern", "Crime No"),
        ({"HO Class": ""}, "offence_code_present", "HO Class"),
        ({"HO Class": "04-Oct"}, "offence_code_pattern", "HO Class"),
        ({"Date Recorded": ""}, "date_recorded_present", "Date Recorded"),
        ({"Date Recorded": "31/04/2008"}, "date_recorded_date", "Date Recorded"),
        ({"Date Recorded": "01/05/2008"}, "recorded_in_file_period", None),
        ({"Date From": "04/31/2008"}, "date_from_date", "Date From"),
        ({"Date To": "13/04/08"}, "date_to_date", "Date To"),
        ({"Date To": "11/04/2008"}, "happened_in_order", None),
        *NOT_GRID,
        ({"DV Flag": "perhaps"}, "domestic_flag_boolean", "DV Flag"),
        ({"Hate Flag": "2"}, "hate_flag_boolean", "Hate Flag"),
        ({"Alcohol Flag": "?"}, "alcohol_flag_boolean", "Alcohol Flag"),
        ({"No Crime": ""}, "no_crime_present", "No Crime"),
        ({"No Crime": "X"}, "no_crime_boolean", "No Crime"),
        ({"Last Updated": "yesterday"}, "last_updated_date", "Last Updated"),
    ],
    repeats=["crime_number_repeated"],
    sheet="Recorded crime",
)

INCIDENTS = Form(
    "police/incidents",
    "2008-04-leicestershire-melton-incidents.csv",
    {
        "Incident No": "20080401-{n}",
        "Created": "14/04/2008",
        "Time": "23:15",
        "Opening Category": "Noise",
        "Closing Category": "Rowdy/inconsiderate behaviour",
        "Qualifier": "Alcohol;Underage",
        "Source": "999",
        "Grade": "1",
        "Beat": "NR31",
        "Ward": "E05005503",
        "Locality": "Fairmead Estate",
        "Easting": "475250",
        "Northing": "319000",
        "Linked Crime No": "",
        "Result": "Advice given",
        "Duplicate Of": "",
    },
    [
        ({"Incident No": "TOTAL"}, "incident_number_is_no_total", "Incident No"),
        ({"Incident No": ""}, "incident_number_present", "Incident No"),
        ({"Created": ""}, "created_date_present", "Created"),
        ({"Created": "2008-04-14"}, "created_date_date", "Created"),
        ({"Created": "14/03/2008"}, "created_in_file_period", None),
        ({"Closing Category": ""}, "closing_category_present", "Closing Category"),
        *NOT_GRID,
    ],
    repeats=["incident_number_repeated"],
    sheet="Incidents",
)

ROAD = Form(
    "police/road_casualties",
    "2008-leicestershire-road-casualties.csv",
    {
        "Accident_Index": "2008331{n}",
        "Casualty_Reference": "1",
        "Police_Force": "33",
        "Accident_Severity": "3",
        "Casualty_Severity": "3",
        "Date": "14/02/2008",
        "Time": "17:42",
        "Local_Authority_(District)": "365",
        "Location_Easting_OSGR": "475250",
        "Location_Northing_OSGR": "319000",
        "Number_of_Vehicles": "2",
        "Number_of_Casualties": "1",
        "1st_Road_Class": "3",
        "Speed_limit": "60",
        "Casualty_Class": "1",
        "Casualty_Type": "9",
        "Sex_of_Casualty": "1",
        "Age_of_Casualty": "-1",
    },
    [
        ({"Accident_Index": "Total"}, "collision_reference_is_no_total", "Accident_Index"),
        ({"Accident_Index": ""}, "collision_reference_present", "Accident_Index"),
        ({"Casualty_Reference": ""}, "casualty_reference_present", "Casualty_Reference"),
        ({"Casualty_Reference": "1.5"}, "casualty_reference_integer", "Casualty_Reference"),
        ({"Casualty_Reference": "0"}, "casualty_reference_minimum", "Casualty_Reference"),
        ({"Accident_Severity": "slight"}, "collision_severity_integer", "Accident_Severity"),
        ({"Accident_Severity": "0"}, "collision_severity_minimum", "Accident_Severity"),
        ({"Accident_Severity": "4"}, "collision_severity_maximum", "Accident_Severity"),
        ({"Casualty_Severity": ""}, "casualty_severity_present", "Casualty_Severity"),
        ({"Casualty_Severity": "slight"}, "casualty_severity_integer", "Casualty_Severity"),
        ({"Casualty_Severity": "0"}, "casualty_severity_minimum", "Casualty_Severity"),
        ({"Casualty_Severity": "4"}, "casualty_severity_maximum", "Casualty_Severity"),
        ({"Date": ""}, "collision_date_present", "Date"),
        ({"Date": "14-Feb-2008"}, "collision_date_date", "Date"),
        ({"Date": "01/01/2009"}, "collision_in_file_period", None),
        ({"Local_Authority_(District)": ""}, "district_present", "Local_Authority_(District)"),
        ({"Local_Authority_(District)": "Melton"}, "district_pattern", "Local_Authority_(District)"),
        ({"Location_Easting_OSGR": "east"}, "easting_number", "Location_Easting_OSGR"),
        ({"Location_Easting_OSGR": "-1"}, "easting_minimum", "Location_Easting_OSGR"),
        ({"Location_Easting_OSGR": "4752501"}, "easting_maximum", "Location_Easting_OSGR"),
        ({"Location_Northing_OSGR": "north"}, "northing_number", "Location_Northing_OSGR"),
        ({"Location_Northing_OSGR": "-1"}, "northing_minimum", "Location_Northing_OSGR"),
        ({"Location_Northing_OSGR": "3190001"}, "northing_maximum", "Location_Northing_OSGR"),
        ({"Number_of_Vehicles": "two"}, "number_of_vehicles_integer", "Number_of_Vehicles"),
        ({"Number_of_Vehicles": "-1"}, "number_of_vehicles_minimum", "Number_of_Vehicles"),
        ({"Number_of_Casualties": "one"}, "number_of_casualties_integer", "Number_of_Casualties"),
        ({"Number_of_Casualties": "0"}, "number_of_casualties_minimum", "Number_of_Casualties"),
        ({"Speed_limit": "fast"}, "speed_limit_integer", "Speed_limit"),
        ({"Speed_limit": "-2"}, "speed_limit_minimum", "Speed_limit"),
        ({"Speed_limit": "80"}, "speed_limit_maximum", "Speed_limit"),
        ({"Casualty_Class": "driver"}, "casualty_class_integer", "Casualty_Class"),
        ({"Casualty_Class": "0"}, "casualty_class_minimum", "Casualty_Class"),
        ({"Casualty_Class": "4"}, "casualty_class_maximum", "Casualty_Class"),
        ({"Casualty_Type": "car"}, "casualty_type_integer", "Casualty_Type"),
        ({"Sex_of_Casualty": "M"}, "sex_integer", "Sex_of_Casualty"),
        ({"Sex_of_Casualty": "-2"}, "sex_minimum", "Sex_of_Casualty"),
        ({"Sex_of_Casualty": "4"}, "sex_maximum", "Sex_of_Casualty"),
        ({"Age_of_Casualty": "old"}, "age_integer", "Age_of_Casualty"),
        ({"Age_of_Casualty": "-2"}, "age_minimum", "Age_of_Casualty"),
        ({"Age_of_Casualty": "121"}, "age_maximum", "Age_of_Casualty"),
    ],
    repeats=["casualty_repeated"],
    sheet="Road casualties",
)

PEOPLE = [
    ("Fire Fatalities", "fatalities"),
    ("Non-fatal Casualties", "casualties"),
    ("Rescues", "rescues"),
]
FIRE_PEOPLE = [
    broken
    for header, name in PEOPLE
    for broken in (({header: "one"}, f"{name}_integer", header), ({header: "-1"}, f"{name}_minimum", header))
]

FIRE = Form(
    "fire/incidents",
    "2009-05-leicestershire-fire-incidents.csv",
    {
        "Incident Number": "{n}-01052009",
        "Date": "14/05/2009",
        "Time of Call": "17:42:10",
        "Local Authority": "E07000133",
        "Ward": "E05005503",
        "Easting": "475***",
        "Northing": "319***",
        "Incident Category": "Fire",
        "Property Category": "Dwelling",
        "Is Primary Fire": "yes",
        "Cause of Fire": "Accidental",
        "Is Fire Confined to Chimney": "no",
        "Road Traffic Collision": "no",
        "Fire Fatalities": "0",
        "Non-fatal Casualties": "1",
        "Rescues": "0",
    },
    [
        ({"Incident Number": "Totals"}, "incident_number_is_no_total", "Incident Number"),
        ({"Incident Number": ""}, "incident_number_present", "Incident Number"),
        ({"Date": ""}, "incident_date_present", "Date"),
        ({"Date": "30/02/2009"}, "incident_date_date", "Date"),
        ({"Date": "01/06/2009"}, "called_in_file_period", None),
        ({"Incident Category": ""}, "incident_category_present", "Incident Category"),
        ({"Incident Category": "Flood"}, "incident_category_known", "Incident Category"),
        ({"Is Primary Fire": "maybe"}, "is_primary_boolean", "Is Primary Fire"),
        ({"Is Primary Fire": ""}, "fire_is_primary_or_not", None),
        ({"Cause of Fire": "Lightning"}, "motive_known", None),
        ({"Is Fire Confined to Chimney": "?"}, "is_chimney_boolean", "Is Fire Confined to Chimney"),
        ({"Road Traffic Collision": "?"}, "road_traffic_collision_boolean", "Road Traffic Collision"),
        *FIRE_PEOPLE,
    ],
    repeats=["incident_number_repeated"],
    sheet="Fire incidents",
)

FDR = Form(
    "fire/incidents.fdr",
    "2008-05-leicestershire-fdr-return.csv",
    {
        "Form": "FDR1",
        "Incident Number": "{n}-01052008",
        "Date": "14/05/2008",
        "Local Authority": "E07000133",
        "Property Category": "Dwelling",
        "Is Primary Fire": "yes",
        "Cause of Fire": "Accidental",
        "Is Fire Confined to Chimney": "no",
        "Fire Fatalities": "0",
        "Non-fatal Casualties": "1",
        "Rescues": "0",
        "Number of Fires": "1",
    },
    [
        ({"Form": "Total"}, "report_form_is_no_total", "Form"),
        ({"Form": ""}, "report_form_present", "Form"),
        ({"Form": "FDR2"}, "report_form_known", "Form"),
        ({"Date": "30/02/2008"}, "incident_date_date", "Date"),
        ({"Date": "01/06/2008"}, "called_in_file_period", None),
        ({"Date": ""}, "report_is_of_one_fire", None),
        ({"Cause of Fire": "Lightning"}, "motive_known", None),
        ({"Local Authority": ""}, "district_present", "Local Authority"),
        ({"Is Primary Fire": ""}, "is_primary_present", "Is Primary Fire"),
        ({"Is Primary Fire": "maybe"}, "is_primary_boolean", "Is Primary Fire"),
        ({"Is Fire Confined to Chimney": "?"}, "is_chimney_boolean", "Is Fire Confined to Chimney"),
        *FIRE_PEOPLE,
        ({"Number of Fires": ""}, "number_of_fires_present", "Number of Fires"),
        ({"Number of Fires": "some"}, "number_of_fires_integer", "Number of Fires"),
        ({"Form": "FDR3", "Number of Fires": "-1"}, "number_of_fires_minimum", "Number of Fires"),
    ],
    repeats=["incident_number_repeated"],
    sheet="FDR return",
)

AVON = Form(
    "fire/incidents.avon",
    "afrs_attended_incidents_july_2014.csv",
    {
        "Day": "1",
        "Month": "July",
        "Year": "2014",
        "Time of Call": "01:54:02",
        "Incident Number": "{n}-01072014",
        "X Coordinate": "376***",
        "Y Coordinate": "165***",
        "Unitary Authority": "BANES",
        "Ward": "ABBEY",
        "Incident Category": "Fire",
        "Property Category": "Dwelling",
        "Is Primary Fire": "yes",
        "Cause of Fire": "Deliberate – own property",
        "Is Fire Confined to Chimney?": "no",
        "Road Traffic Collision": "no",
        "No. of fire fatalities": "0",
        "No. of injuries": "1",
        "No. of rescues": "",
    },
    [
        ({"Day": "", "Month": "", "Year": ""}, "incident_date_present", "Day Month Year"),
        ({"Day": "31", "Month": "June"}, "incident_date_date", "Day Month Year"),
        ({"Month": "August"}, "called_in_file_period", None),
        ({"Incident Number": ""}, "incident_number_present", "Incident Number"),
        ({"Incident Category": ""}, "incident_category_present", "Incident Category"),
        ({"Incident Category": "Flood"}, "incident_category_known", "Incident Category"),
        ({"Is Primary Fire": "maybe"}, "is_primary_boolean", "Is Primary Fire"),
        ({"Is Primary Fire": ""}, "fire_is_primary_or_not", None),
        ({"Cause of Fire": "Lightning"}, "motive_known", None),
        ({"Is Fire Confined to Chimney?": "?"}, "is_chimney_boolean", "Is Fire Confined to Chimney?"),
        ({"Road Traffic Collision": "?"}, "road_traffic_collision_boolean", "Road Traffic Collision"),
        ({"No. of fire fatalities": "one"}, "fatalities_integer", "No. of fire fatalities"),
        ({"No. of fire fatalities": "-1"}, "fatalities_minimum", "No. of fire fatalities"),
        ({"No. of injuries": "one"}, "casualties_integer", "No. of injuries"),
        ({"No. of injuries": "-1"}, "casualties_minimum", "No. of injuries"),
        ({"No. of rescues": "one"}, "rescues_integer", "No. of rescues"),
        ({"No. of rescues": "-1"}, "rescues_minimum", "No. of rescues"),
    ],
    repeats=["incident_number_repeated"],
)

CSP = Form(
    "home_office/csp_recorded_crime",
    "prc-csp-2009-01.csv",
    {
        "Financial Year": "2008/09",
        "Financial Quarter": "4",
        "Force Name": "Leicestershire",
        "CSP Name": "Melton {n}",
        "Offence Description": "Burglary in a dwelling",
        "Offence Group": "Theft offences",
        "Offence Subgroup": "Domestic burglary",
        "Offence Code": "28A",
        "Number of Offences": "-3,416 ",
    },
    [
        ({"Financial Year": "Total"}, "financial_year_is_no_total", "Financial Year"),
        ({"Financial Year": ""}, "financial_year_present", "Financial Year"),
        ({"Financial Year": "2008-09"}, "financial_year_pattern", "Financial Year"),
        ({"Financial Year": "2009/10"}, "year_is_file_year", None),
        ({"Financial Quarter": ""}, "financial_quarter_present", "Financial Quarter"),
        ({"Financial Quarter": "Q4"}, "financial_quarter_integer", "Financial Quarter"),
        ({"Financial Quarter": "0"}, "financial_quarter_minimum", "Financial Quarter"),
        ({"Financial Quarter": "5"}, "financial_quarter_maximum", "Financial Quarter"),
        ({"Financial Quarter": "1"}, "quarter_is_file_quarter", None),
        ({"CSP Name": ""}, "csp_name_present", "CSP Name"),
        ({"Offence Code": ""}, "offence_code_present", "Offence Code"),
        ({"Offence Code": "burglary"}, "offence_code_pattern", "Offence Code"),
        ({"Number of Offences": "[x]"}, "number_of_offences_present", "Number of Offences"),
        ({"Number of Offences": "34,16"}, "number_of_offences_integer", "Number of Offences"),
    ],
    repeats=["partnership_and_offence_repeated"],
    sheet="CSP recorded crime",
)

CSP_ANNUAL = Form(
    "home_office/csp_recorded_crime_annual",
    "crime_data_by_csp_2011-12.csv",
    {
        "CSP Name": "Melton",
        "Offence Description": "Burglary in a dwelling",
        "Offence Group": "Theft offences",
        "Offence Subgroup": "Domestic burglary",
        "Offence Code": "28A",
        "Number of Offences": "-1",
    },
    [
        ({"CSP Name": "Grand total"}, "csp_name_is_no_total", "CSP Name"),
        ({"CSP Name": ""}, "csp_name_present", "CSP Name"),
        ({"Offence Code": ""}, "offence_code_present", "Offence Code"),
        ({"Offence Code": "burglary"}, "offence_code_pattern", "Offence Code"),
        ({"Number of Offences": ""}, "number_of_offences_present", "Number of Offences"),
        ({"Number of Offences": "few"}, "number_of_offences_integer", "Number of Offences"),
    ],
)

C2_HEADINGS = [
    "Violence against the person",
    "Homicide",
    "Death or serious injury caused by illegal driving",
    "Violence with injury",
    "Violence without injury",
    "Stalking and harassment",
    "Sexual offences",
    "Robbery",
    "Theft offences",
    "Burglary",
    "Residential burglary",
    "Non-residential burglary",
    "Vehicle offences",
    "Theft from the person",
    "Bicycle theft",
    "Shoplifting",
    "All other theft offences",
    "Criminal damage and arson",
    "Drug offences",
    "Possession of weapons offences",
    "Public order offences",
    "Miscellaneous crimes against society",
]
TABLE_C2 = Form(
    "home_office/csp_headline_crime",
    "ons_la_crime_policeforceareatablesyejune25final.csv",
    {
        "Police Force\nArea code": "E23000021",
        "Police Force\nArea name": "Leicestershire",
        "Community Safety\nPartnership code": "E22000169",
        "Community Safety\nPartnership name": "Melton {n}",
        "Local Authority code": "Combined Local Authorities",
        "Local Authority name": "",
        "Total recorded crime\n (excluding fraud)": "3,416 ",
        **dict.fromkeys(C2_HEADINGS, "[x]"),
    },
    [
        ({"Police Force\nArea code": "Leics"}, "force_code_pattern", "Police Force Area code"),
        ({"Police Force\nArea name": ""}, "force_name_present", "Police Force Area name"),
        ({"Community Safety\nPartnership code": "E22"}, "csp_code_pattern", "Community Safety Partnership code"),
        ({"Local Authority code": "Melton"}, "district_code_pattern", "Local Authority code"),
        (
            {"Total recorded crime\n (excluding fraud)": "many"},
            "total_recorded_crime_number",
            "Total recorded crime (excluding fraud)",
        ),
    ],
    repeats=["partnership_once"],
    preamble=7,
    uniform=r"(?!total_recorded_crime)\w+_number",
)

POPULATION = Form(
    "ons/population",
    "2008-mid-year-estimates.csv",
    {"Area Code": "E0{n}", "Sex": "all", "Age": "90+", "Population": "48,800"},
    [
        ({"Area Code": "Total"}, "area_code_is_no_total", "Area Code"),
        ({"Area Code": ""}, "area_code_present", "Area Code"),
        ({"Area Code": "31UG"}, "area_code_pattern", "Area Code"),
        ({"Sex": ""}, "sex_present", "Sex"),
        ({"Sex": "F"}, "sex_known", "Sex"),
        ({"Age": ""}, "age_present", "Age"),
        ({"Age": "85-89"}, "age_pattern", "Age"),
        ({"Population": ""}, "population_present", "Population"),
        ({"Population": "48.8"}, "population_integer", "Population"),
        ({"Population": "-1"}, "population_minimum", "Population"),
    ],
    repeats=["estimate_repeated"],
    sheet="Mid-year estimates",
)

NOMIS = Form(
    "ons/population.nomis",
    "nomis_NM_2002_1_mye_leics_2011.tsv",
    {"GEOGRAPHY_CODE": "E0{n}", "GENDER": "1", "C_AGE": "101", "OBS_VALUE": "2596"},
    [
        ({"GEOGRAPHY_CODE": ""}, "area_code_present", "GEOGRAPHY_CODE"),
        ({"GEOGRAPHY_CODE": "31UG"}, "area_code_pattern", "GEOGRAPHY_CODE"),
        ({"GENDER": ""}, "gender_code_present", "GENDER"),
        ({"GENDER": "M"}, "gender_code_integer", "GENDER"),
        ({"GENDER": "-1"}, "gender_code_minimum", "GENDER"),
        ({"GENDER": "3"}, "gender_code_maximum", "GENDER"),
        ({"C_AGE": ""}, "age_code_present", "C_AGE"),
        ({"C_AGE": "old"}, "age_code_integer", "C_AGE"),
        ({"C_AGE": "100"}, "age_code_minimum", "C_AGE"),
        ({"C_AGE": "300"}, "age_code_maximum", "C_AGE"),
        ({"OBS_VALUE": ""}, "population_present", "OBS_VALUE"),
        ({"OBS_VALUE": "few"}, "population_integer", "OBS_VALUE"),
        ({"OBS_VALUE": "-1"}, "population_minimum", "OBS_VALUE"),
    ],
    repeats=["estimate_repeated"],
    delimiter="\t",
)

AGES = {str(age): "2.0" for age in range(90)} | {"90+": "20.0"}


def _single_years(document: str, name: str, level: str, order: list[str]) -> Form:
    identifiers = {f"{level}_name": "Melton", f"{level}_code": "E0{n}"}
    return Form(
        document,
        name,
        {header: identifiers[header] for header in order} | {"total_population": "200.0", **AGES},
        [
            ({f"{level}_code": ""}, "area_code_present", f"{level}_code"),
            ({f"{level}_code": "Melton"}, "area_code_pattern", f"{level}_code"),
            ({"total_population": ""}, "total_population_present", "total_population"),
            ({"total_population": "many"}, "total_population_number", "total_population"),
            ({"total_population": "-1"}, "total_population_minimum", "total_population"),
            ({"total_population": "201"}, "ages_add_up", None),
            ({"17": ""}, "age_17_present", "17"),
            ({"17": "two"}, "age_17_number", "17"),
            ({"17": "-2"}, "age_17_minimum", "17"),
        ],
        repeats=["area_repeated"],
        uniform=r"age_(?!17)\w+_(present|number|minimum)",
    )


LSOAS = _single_years(
    "ons/population.lsoa_single_year",
    "humaniverse_population19_lsoa11_leics.csv",
    "lsoa11",
    ["lsoa11_name", "lsoa11_code"],
)
DISTRICTS = _single_years(
    "ons/population.ltla_single_year", "humaniverse_population20_ltla21.csv", "ltla21", ["ltla21_code", "ltla21_name"]
)

HOUSEHOLDS = Form(
    "ons/population.households",
    "humaniverse_households21_ltla21.csv",
    {"ltla21_name": "Melton", "ltla21_code": "E0{n}", "households": "22800.0"},
    [
        ({"ltla21_code": ""}, "area_code_present", "ltla21_code"),
        ({"ltla21_code": "Melton"}, "area_code_pattern", "ltla21_code"),
        ({"households": ""}, "households_present", "households"),
        ({"households": "many"}, "households_number", "households"),
        ({"households": "-1"}, "households_minimum", "households"),
    ],
    repeats=["area_repeated"],
)

FORMS = [
    RECORDED_CRIME,
    INCIDENTS,
    ROAD,
    FIRE,
    FDR,
    AVON,
    CSP,
    CSP_ANNUAL,
    TABLE_C2,
    POPULATION,
    NOMIS,
    LSOAS,
    DISTRICTS,
    HOUSEHOLDS,
]

with cases as (select * from {{ ref("stg_partners__marac_cases") }}),
run_inputs as (select * from {{ ref("stg_run__inputs") }}),
rules as (select * from {{ ref("repeat_rules") }} where source_feed = 'partners/marac_cases'),

sheets as (
    select
        file_sha256,
        max(home_area_code) as home_area_code,
        max(period_start) as period_start,
        max(period_end) as period_end,
        bool_or(is_synthetic) as is_synthetic,
        bool_or(is_standing) and not bool_or(is_displaced) as is_heard
    from {{ ref("int_deliveries__ranked") }}
    where
        feed = 'partners/marac_cases'
        and is_taken_in
    group by file_sha256
),

listed as (
    select
        cases.*,
        sheets.home_area_code,
        sheets.period_start,
        sheets.is_synthetic,
        sheets.is_heard and sheets.period_end <= run_inputs.as_at as is_heard,
        row_number() over (
            partition by cases.file_sha256, cases.pair_key, cases.referred_on
            order by cases.row_number
        ) as place_on_sheet
    from cases
    inner join sheets
        on cases.file_sha256 = sheets.file_sha256
    cross join run_inputs
),

-- Every sheet that stands, whichever conference and area: the pair may have moved.
heard as (
    select
        pair_key,
        referred_on,
        home_area_code,
        is_synthetic,
        min(period_start) as first_period_start
    from listed
    where is_heard
    group by pair_key, referred_on, home_area_code, is_synthetic
),

compared as (
    select
        listed.file_sha256,
        listed.row_number,
        max(earlier.referred_on) as previous_referred_on
    from listed
    inner join heard as earlier
        on
            listed.pair_key = earlier.pair_key
            and listed.referred_on > earlier.referred_on
            and listed.is_synthetic = earlier.is_synthetic
    group by listed.file_sha256, listed.row_number
),

judged as (
    select
        listed.*,
        -- Days are counted, not anniversaries: a leap day is a day like any other.
        coalesce(
            {{ days_between("compared.previous_referred_on", "listed.referred_on") }} <= rules.within_days, false
        ) as is_repeat,
        listed.place_on_sheet > 1 or coalesce(heard.first_period_start < listed.period_start, false) as is_carried_over
    from listed
    cross join rules
    left join compared
        on
            listed.file_sha256 = compared.file_sha256
            and listed.row_number = compared.row_number
    left join heard
        on
            listed.pair_key = heard.pair_key
            and listed.referred_on = heard.referred_on
            and listed.home_area_code = heard.home_area_code
            and listed.is_synthetic = heard.is_synthetic
)

select
    'partners/marac_cases' as feed,
    file_sha256,
    row_number,
    case_number as record_key,
    {{ month_of("meeting_date") }} as month,
    'case' as category,
    concat_ws(
        ';',
        case when is_carried_over then 'carried_over' end,
        case when repeat_as_typed <> is_repeat then 'flag_differs' end,
        case when is_repeat then 'repeat' end
    ) as tags,
    cast(1 as double) as counts_for,
    {{ row_places(area_key="'ons:' || district_code") }}
from judged

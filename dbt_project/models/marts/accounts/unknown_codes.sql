with unknown as (select * from {{ ref("int_codes__unknown") }}),
feeds as (select * from {{ ref("stg_ledger__feeds") }}),
accepted as (select * from {{ ref("int_months__accepted") }}),
limits as (select * from {{ ref("completeness_rules") }} where rule = 'unknown codes'),

indicators_concerned as (
    select
        concerned.feed,
        concerned.column_name,
        concerned.code,
        {{ listed("indicators.indicator_code") }} as indicator_codes,
        count(distinct indicators.indicator_code) as indicator_count,
        min(indicators.indicator_code) as first_indicator
    from {{ ref("int_codes__concerned") }} as concerned
    inner join {{ ref("indicator_catalogue") }} as indicators
        on concerned.measure_code in (indicators.numerator_measure, indicators.denominator_measure)
    group by concerned.feed, concerned.column_name, concerned.code
),

described as (
    select
        unknown.feed,
        unknown.month,
        unknown.home_area_code,
        unknown.column_name,
        unknown.code,
        sum(unknown.row_count) as row_count,
        max(accepted.row_count) as rows_accepted,
        coalesce(bool_or(feeds.rows_are_people), true) as is_suppressed,
        max(indicators_concerned.indicator_codes) as indicator_codes,
        max(indicators_concerned.indicator_count) as indicator_count,
        max(indicators_concerned.first_indicator) as first_indicator
    from unknown
    left join accepted
        on
            unknown.feed = accepted.feed
            and unknown.home_area_code = accepted.home_area_code
            and unknown.month = accepted.month
    left join feeds
        on unknown.feed = feeds.feed
    left join indicators_concerned
        on
            unknown.feed = indicators_concerned.feed
            and unknown.column_name = indicators_concerned.column_name
            and unknown.code = indicators_concerned.code
    group by unknown.feed, unknown.month, unknown.home_area_code, unknown.column_name, unknown.code
)

select
    described.feed,
    described.month,
    described.home_area_code,
    described.column_name,
    described.code,
    case when not described.is_suppressed then cast(described.row_count as bigint) end as row_count,
    described.is_suppressed,
    coalesce(
        described.indicator_codes is not null
        and described.row_count > limits.incomplete_over_share * described.rows_accepted, false
    ) as is_over_limit,
    described.indicator_codes,
    described.feed || ', ' || {{ month_label("described.month") }} || ': ' || described.code || ' (' || described.column_name || ') in '
    || case when described.is_suppressed then 'some' else {{ number_text("described.row_count", 0) }} end
    || ' rows is on no list, so they are not counted as what they are; may concern '
    || coalesce(
        described.indicator_count || ' indicators, such as ' || described.first_indicator, 'no indicator'
    ) as told
from described
cross join limits
order by described.feed, described.month, described.home_area_code, described.column_name, described.code

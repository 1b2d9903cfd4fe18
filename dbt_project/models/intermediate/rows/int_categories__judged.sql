{{ config(materialized="table") }}

with measured as (select * from {{ ref("int_categories__measured") }}),
row_exclusions as (select * from {{ ref("row_exclusions") }}),
listed_codes as (select * from {{ ref("int_categories__listed") }}),

feeds_with_a_list as (
    select distinct feed from listed_codes
),

counted as (
    select
        feed,
        category_sent,
        tags,
        month,
        category,
        {{ listed("measure_code") }} as measure_codes
    from measured
    group by feed, category_sent, tags, month, category
),

-- Said of a code that no measure counts, so that a supplier knows whether it is wrong, old or merely not asked for.
known as (
    select
        counted.feed,
        counted.category_sent,
        counted.tags,
        counted.month,
        bool_or(
            counted.month >= coalesce(listed_codes.valid_from, counted.month)
            and counted.month <= coalesce(listed_codes.valid_to, counted.month)
        ) as is_in_use
    from counted
    inner join listed_codes
        on
            counted.feed = listed_codes.feed
            and counted.category = listed_codes.category
    group by counted.feed, counted.category_sent, counted.tags, counted.month
),

judged as (
    select
        counted.feed,
        counted.category_sent,
        counted.tags,
        counted.month,
        counted.category,
        counted.measure_codes,
        known.is_in_use,
        feeds_with_a_list.feed is not null and known.is_in_use is null as is_in_no_list,
        {{ listed("row_exclusions.reason") }} as named_reason
    from counted
    left join known
        on
            counted.feed = known.feed
            and counted.category_sent = known.category_sent
            and counted.tags = known.tags
            and counted.month = known.month
    left join feeds_with_a_list
        on counted.feed = feeds_with_a_list.feed
    left join row_exclusions
        on
            counted.feed = row_exclusions.source_feed
            and counted.category = coalesce(row_exclusions.category, counted.category)
            and {{ list_holds("counted.tags", "row_exclusions.tag") }}
    group by
        counted.feed,
        counted.category_sent,
        counted.tags,
        counted.month,
        counted.category,
        counted.measure_codes,
        known.is_in_use,
        feeds_with_a_list.feed
)

select
    judged.feed,
    judged.category_sent,
    judged.tags,
    judged.month,
    judged.category,
    judged.measure_codes,
    judged.is_in_no_list and judged.named_reason is null and judged.measure_codes is null as is_unknown,
    case
        when judged.named_reason is not null then judged.named_reason
        when judged.measure_codes is not null then null
        when judged.is_in_use = false then 'the code was not in use in that month'
        when judged.is_in_no_list
            then
                'the code is in no list: '
                || {{ code_shown("judged.category", "feeds.rows_are_people") }}
        else 'the category belongs to no measure'
    end as exclusion_reason
from judged
left join {{ ref("stg_ledger__feeds") }} as feeds
    on judged.feed = feeds.feed

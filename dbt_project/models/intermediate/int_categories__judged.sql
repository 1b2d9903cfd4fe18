{{ config(materialized="table") }}

with measured as (

    select * from {{ ref("int_categories__measured") }}

),

row_exclusions as (

    select * from {{ ref("row_exclusions") }}

),

listed as (

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

judged as (

    select
        listed.feed,
        listed.category_sent,
        listed.tags,
        listed.month,
        listed.category,
        listed.measure_codes,
        {{ listed("row_exclusions.reason") }} as exclusion_reason
    from listed
    left join row_exclusions
        on
            listed.feed = row_exclusions.source_feed
            and listed.category = coalesce(row_exclusions.category, listed.category)
            and ';' || listed.tags || ';' like '%;' || row_exclusions.tag || ';%'
    group by
        listed.feed,
        listed.category_sent,
        listed.tags,
        listed.month,
        listed.category,
        listed.measure_codes

)

select * from judged

{{ config(materialized="table") }}

with category_spellings as (select * from {{ ref("category_spellings") }}),
measure_categories as (select * from {{ ref("measure_categories") }}),

combinations as (
    select distinct
        feed,
        category_sent,
        tags,
        month
    from {{ ref("int_rows__dated") }}
),

spelt as (
    select
        combinations.*,
        coalesce(category_spellings.category, combinations.category_sent) as category
    from combinations
    left join category_spellings
        on
            combinations.feed = category_spellings.source_feed
            and combinations.category_sent = category_spellings.spelling
            and combinations.month >= coalesce(category_spellings.valid_from, combinations.month)
            and combinations.month <= coalesce(category_spellings.valid_to, combinations.month)
),

measured as (
    select
        spelt.feed,
        spelt.category_sent,
        spelt.tags,
        spelt.month,
        spelt.category,
        measure_categories.measure_code
    from spelt
    left join measure_categories
        on
            spelt.feed = measure_categories.source_feed
            and spelt.category = measure_categories.category
            and spelt.month >= coalesce(measure_categories.valid_from, spelt.month)
            and spelt.month <= coalesce(measure_categories.valid_to, spelt.month)
            and (
                measure_categories.required_tag is null
                or {{ list_holds("spelt.tags", "measure_categories.required_tag") }}
            )
            and (
                measure_categories.excluded_tag is null
                or not {{ list_holds("spelt.tags", "measure_categories.excluded_tag") }}
            )
)

select distinct * from measured

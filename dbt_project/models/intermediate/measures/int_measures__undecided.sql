{{ config(materialized="table") }}

{#
A delivery that somebody cut to one category before it was sent says nothing of the others: they are missing, and not zero. A measure of
that category alone is told.
#}
with undecided_measures as (select * from {{ ref("undecided_measures") }}),
measure_categories as (select * from {{ ref("measure_categories") }}),

located as (
    select
        feed,
        file_sha256,
        tags,
        category,
        min(month) as first_month,
        max(month) as last_month,
        sum(row_count) as row_count
    from {{ ref("int_rows__located") }}
    where feed in (select undecided_measures.source_feed from undecided_measures)
    group by feed, file_sha256, tags, category
),

of_one_category as (
    select
        feed,
        file_sha256,
        min(category) as category,
        min(first_month) as first_month,
        max(last_month) as last_month,
        sum(row_count) as row_count
    from located
    group by feed, file_sha256
    having count(distinct category) = 1
),

undecided as (
    select
        located.feed,
        located.file_sha256,
        undecided_measures.measure_code,
        undecided_measures.note
    from located
    inner join undecided_measures
        on
            located.feed = undecided_measures.source_feed
            and {{ list_holds("located.tags", "undecided_measures.tag") }}
    union all
    select
        of_one_category.feed,
        of_one_category.file_sha256,
        undecided_measures.measure_code,
        undecided_measures.note
    from of_one_category
    inner join undecided_measures
        on
            of_one_category.feed = undecided_measures.source_feed
            and undecided_measures.tag = 'one_category'
            and of_one_category.row_count >= undecided_measures.from_rows
    inner join measure_categories
        on
            of_one_category.feed = measure_categories.source_feed
            and undecided_measures.measure_code = measure_categories.measure_code
            and of_one_category.category <> measure_categories.category
            -- Categories of other times are not those that the file lacks.
            and of_one_category.last_month >= coalesce(measure_categories.valid_from, of_one_category.last_month)
            and of_one_category.first_month <= coalesce(measure_categories.valid_to, of_one_category.first_month)
)

select
    feed,
    file_sha256,
    measure_code,
    min(note) as note
from undecided
group by feed, file_sha256, measure_code

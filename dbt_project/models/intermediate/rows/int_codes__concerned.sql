{#
The measures that may lack the rows of an unknown code: those that count another code of its class, or where there is none all of the feed.
#}
with unknown as (
    select distinct
        feed,
        column_name,
        code,
        code_class
    from {{ ref("int_codes__unknown") }}
    where concerns_measures
),

classes as (
    select distinct
        source_feed,
        measure_code,
        {{ code_class("category") }} as code_class
    from {{ ref("measure_categories") }}
),

by_class as (
    select
        unknown.feed,
        unknown.column_name,
        unknown.code,
        classes.measure_code
    from unknown
    inner join classes
        on
            unknown.feed = classes.source_feed
            and unknown.code_class = classes.code_class
    where unknown.code_class <> ''
),

found as (
    select distinct
        feed,
        column_name,
        code
    from by_class
)

select * from by_class
union all
select
    unknown.feed,
    unknown.column_name,
    unknown.code,
    measures.measure_code
from unknown
inner join {{ ref("measures") }} as measures
    on unknown.feed = measures.source_feed
left join found
    on
        unknown.feed = found.feed
        and unknown.column_name = found.column_name
        and unknown.code = found.code
where found.feed is null

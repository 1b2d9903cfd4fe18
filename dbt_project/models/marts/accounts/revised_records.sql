with feeds as (select * from {{ ref("stg_ledger__feeds") }}),

known_categories as (
    select
        feed,
        category
    from {{ ref("int_categories__listed") }}
    union
    select
        source_feed,
        category
    from {{ ref("measure_categories") }}
),

moved as (
    select
        records.feed,
        records.period_start,
        records.movement,
        -- What stands on no list is its sender's text.
        {% for side in ["previous_", ""] %}
            case
                when records.{{ side }}category is null or {{ side }}known.category is not null then records.{{ side }}category
                else {{ code_shown("records." ~ side ~ "category", "feeds.rows_are_people") }}
            end as {{ side }}category,
        {% endfor %}
        records.previous_file_sha256,
        records.previous_row_number,
        records.file_sha256,
        records.row_number
    from {{ ref("int_records__moved") }} as records
    inner join feeds
        on records.feed = feeds.feed
    {% for side in ["previous_", ""] %}
        left join known_categories as {{ side }}known
            on
                records.feed = {{ side }}known.feed
                and records.{{ side }}category = {{ side }}known.category
    {% endfor %}
    -- A record of a feed of people is a person.
    where not ({{ for_the_public() }} and feeds.rows_are_people)
)

select
    feed,
    period_start,
    movement,
    previous_category,
    category,
    previous_file_sha256,
    previous_row_number,
    file_sha256,
    row_number
from moved
order by feed, period_start, file_sha256, previous_file_sha256, row_number, previous_row_number

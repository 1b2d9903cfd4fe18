with standing_files as (
    select
        file_sha256,
        max(receipt_number) as receipt_number,
        bool_or(is_synthetic) as is_synthetic
    from {{ ref("int_deliveries__ranked") }}
    where feed = 'ohid/fingertips' and is_standing and not is_displaced
    group by file_sha256
),

shown_areas as (
    select area_code from {{ ref("int_areas__in_use") }} where area_level in ('district', 'county')
    union
    select 'E92000001' as area_code
),

-- A download is the whole table of its indicators and type of area: the later one stands for the earlier. The same row comes twice
-- where an area is listed under several parents.
ranked as (
    select
        published.*,
        standing_files.receipt_number,
        standing_files.is_synthetic,
        rank() over (
            partition by published.indicator_id, published.area_type
            order by standing_files.receipt_number desc
        ) as recency,
        row_number() over (
            partition by
                standing_files.receipt_number, published.indicator_id, published.area_code, published.area_type, published.sex,
                published.age, published.category_type, published.category, published.time_period
            order by published.row_number
        ) as occurrence
    from {{ ref("stg_ohid__fingertips") }} as published
    inner join standing_files
        on published.file_sha256 = standing_files.file_sha256
)

select
    ranked.indicator_id,
    ranked.indicator_name,
    ranked.area_code,
    ranked.area_name,
    ranked.area_type,
    ranked.sex,
    ranked.age,
    ranked.category_type,
    ranked.category,
    ranked.time_period,
    ranked.first_year,
    ranked.value,
    ranked.lower_95,
    ranked.upper_95,
    ranked.published_count,
    ranked.published_denominator,
    ranked.value_note,
    ranked.receipt_number,
    ranked.is_synthetic
from ranked
inner join shown_areas
    on ranked.area_code = shown_areas.area_code
cross join {{ ref("stg_run__inputs") }} as run_inputs
where
    ranked.recency = 1
    and ranked.occurrence = 1
    and ranked.first_year <= year(run_inputs.as_at)
order by
    ranked.indicator_id, ranked.area_code, ranked.area_type, ranked.sex, ranked.age, ranked.category_type, ranked.category,
    ranked.first_year, ranked.time_period

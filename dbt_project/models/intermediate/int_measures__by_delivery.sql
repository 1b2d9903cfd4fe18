{{ config(materialized="table") }}

with located as (

    select * from {{ ref("int_rows__located") }}

),

measure_categories as (

    select * from {{ ref("measure_categories") }}

),

by_category as (

    select
        feed,
        file_sha256,
        month,
        category,
        force_code,
        district_code,
        ward_code,
        lsoa_code,
        sum(quantity) as quantity
    from located
    where exclusion_reason is null
    group by feed, file_sha256, month, category, force_code, district_code, ward_code, lsoa_code

),

by_measure as (

    select
        by_category.*,
        measure_categories.measure_code
    from by_category
    inner join measure_categories
        on
            by_category.feed = measure_categories.source_feed
            and by_category.category = measure_categories.category

),

by_area as (

    {% for level in ["force", "district", "ward", "lsoa"] %}
        select
            feed,
            file_sha256,
            force_code,
            month,
            measure_code,
            {{ level }}_code as area_code,
            '{{ level }}' as area_level,
            sum(quantity) as value
        from by_measure
        group by feed, file_sha256, force_code, month, measure_code, {{ level }}_code
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

)

select * from by_area

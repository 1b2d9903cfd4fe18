{{ config(materialized="table") }}

{% set columns %}
    feed, file_sha256, month, category, tags, counts_for, lsoa_code, ward_code, beat_code, locality, area_key
{% endset %}

{% for model, feed in feeds_in_cells() %}
    select
        {{ columns }},
        -- The first of its rows names the cell.
        min(row_number) as row_number,
        count(*) as row_count,
        {{ in_order("row_number") }} as row_numbers
    from {{ ref(model) }}
    where {{ has_no_kept_cells(feed) }}
    group by {{ columns }}
    {{ "union all" if not loop.last }}
{% endfor %}
-- So that the cells of one delivery lie together.
order by feed, file_sha256, row_number

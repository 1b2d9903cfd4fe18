{{ config(materialized="table") }}

{#
Records that a later delivery of the same period counts in another way, found by the agency's own reference, which goes no further
than this model. Rows without a reference cannot be followed. Only deliveries that replaced another, or were replaced, are read.
#}
with restatements as (select * from {{ ref("int_deliveries__replaced") }}),

restated_files as (
    select
        feed,
        previous_file_sha256 as file_sha256
    from restatements
    union
    select
        feed,
        file_sha256
    from restatements
),

located as (
    select
        *,
        {{ area_codes("rows_located") | indent(8) }} as area_codes
    from {{ ref("int_rows__located") }} as rows_located
    where file_sha256 in (select restated_files.file_sha256 from restated_files)
),

-- A cell holds no references: of these few deliveries they are read again.
rows_of_cells as (
    select
        feed,
        file_sha256,
        row_number as first_row_number,
        {{ each_item("row_numbers") }} as row_number
    from {{ ref("int_cells__held") }}
    where file_sha256 in (select restated_files.file_sha256 from restated_files)
),

{% for model, _ in feeds_in_cells() %}
    {{ model }} as (
        select
            feed,
            file_sha256,
            row_number,
            record_key
        from {{ ref(model) }}
        where
            record_key is not null
            and file_sha256 in (select restated_files.file_sha256 from restated_files)
    ),
{% endfor %}

references_of_rows as (
    {% for model, _ in feeds_in_cells() %}
        select * from {{ model }}
        {{ "union all" if not loop.last }}
    {% endfor %}
),

records as (
    select
        feed,
        file_sha256,
        record_key,
        row_number,
        month,
        category,
        tags,
        counts_for,
        area_codes,
        exclusion_reason,
        measure_codes
    from located
    where record_key is not null
    union all
    select
        located.feed,
        located.file_sha256,
        references_of_rows.record_key,
        references_of_rows.row_number,
        located.month,
        located.category,
        located.tags,
        located.counts_for,
        located.area_codes,
        located.exclusion_reason,
        located.measure_codes
    from located
    inner join rows_of_cells
        on
            located.feed = rows_of_cells.feed
            and located.file_sha256 = rows_of_cells.file_sha256
            and located.row_number = rows_of_cells.first_row_number
    inner join references_of_rows
        on
            rows_of_cells.feed = references_of_rows.feed
            and rows_of_cells.file_sha256 = references_of_rows.file_sha256
            and rows_of_cells.row_number = references_of_rows.row_number
),

{% for side, sha256 in [("earlier", "previous_file_sha256"), ("later", "file_sha256")] %}
    {{ side }} as (
        select
            restatements.feed,
            restatements.period_start,
            restatements.previous_file_sha256,
            restatements.file_sha256,
            records.record_key,
            records.row_number,
            records.month,
            records.category,
            records.tags,
            records.counts_for,
            records.area_codes,
            records.exclusion_reason,
            case when records.exclusion_reason is null then records.measure_codes end as measure_codes
        from restatements
        inner join records
            on
                restatements.feed = records.feed
                and restatements.{{ sha256 }} = records.file_sha256
    ){{ "," if not loop.last }}
{% endfor %}

select
    coalesce(earlier.feed, later.feed) as feed,
    coalesce(earlier.period_start, later.period_start) as period_start,
    coalesce(earlier.previous_file_sha256, later.previous_file_sha256) as previous_file_sha256,
    coalesce(earlier.file_sha256, later.file_sha256) as file_sha256,
    earlier.row_number as previous_row_number,
    later.row_number,
    earlier.month as previous_month,
    later.month,
    earlier.category as previous_category,
    later.category,
    earlier.measure_codes as previous_measure_codes,
    later.measure_codes,
    earlier.area_codes as previous_area_codes,
    later.area_codes,
    case
        when earlier.record_key is null then 'new'
        when later.record_key is null then 'removed'
        when earlier.measure_codes is not null and later.exclusion_reason is not null then later.exclusion_reason
        when earlier.exclusion_reason is not null then 'now counted'
        when earlier.category <> later.category then 'reclassified'
        when earlier.month <> later.month then 'dated anew'
        when earlier.area_codes <> later.area_codes then 'moved to another area'
        when earlier.counts_for <> later.counts_for then 'count changed'
        else 'flags changed'
    end as movement
from earlier
full outer join later
    on
        earlier.feed = later.feed
        and earlier.previous_file_sha256 = later.previous_file_sha256
        and earlier.file_sha256 = later.file_sha256
        and earlier.period_start = later.period_start
        and earlier.record_key = later.record_key
where
    (earlier.measure_codes is not null or later.measure_codes is not null)
    and (
        earlier.measure_codes is distinct from later.measure_codes
        or earlier.area_codes is distinct from later.area_codes
        or earlier.month is distinct from later.month
        or earlier.category is distinct from later.category
        or earlier.counts_for is distinct from later.counts_for
    )

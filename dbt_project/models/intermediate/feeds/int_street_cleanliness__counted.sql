with graded as (select * from {{ ref("int_street_cleanliness__graded") }}),

-- Each element of a transect is graded, or not, apart from the others: once as graded, once with the weight at which it fails.
counted as (
    select
        *,
        element || ' graded' as category,
        cast(1 as double) as counts_for
    from graded
    union all
    select
        *,
        element || ' below grade b' as category,
        fail_weight as counts_for
    from graded
    where fail_weight is not null
)

select
    'council/street_cleanliness' as feed,
    file_sha256,
    row_number,
    site_reference as record_key,
    {{ month_of("survey_date") }} as month,
    category,
    concat_ws(
        ';',
        'land use: ' || land_use,
        case
            when fail_weight is not null then null
            when grade_sent is null then 'not_graded'
            else 'not_applicable'
        end,
        case when is_of_other_ward then 'other_ward' end
    ) as tags,
    counts_for,
    {{ row_places(ward_code="ward_code") }}
from counted

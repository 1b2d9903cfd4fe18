with cohort as (select * from {{ ref("stg_partners__priority_offenders") }}),

files as (
    select
        file_sha256,
        max(period_start) as period_start
    from {{ ref("int_deliveries__ranked") }}
    where
        feed = 'partners/priority_offenders'
        and is_taken_in
    group by file_sha256
),

-- While nothing is known of the year after, there is nothing to compare: that is no figure, and not none.
tagged as (
    select
        cohort.*,
        concat_ws(
            ';',
            case
                when
                    count(case when cohort.on_list_since <= files.period_start then cohort.convictions_after end) over (
                        partition by cohort.file_sha256
                    ) = 0
                    then 'cohort_not_followed'
            end,
            case when cohort.convictions_after is null then 'follow_up_short' end,
            case when cohort.on_list_since > files.period_start then 'joined_later' end
        ) as tags
    from cohort
    inner join files
        on cohort.file_sha256 = files.file_sha256
),

counted as (
    select
        *,
        'offender' as category,
        1 as counts_for
    from tagged
    union all
    select
        *,
        'convictions before',
        convictions_before
    from tagged
    union all
    select
        *,
        'convictions after',
        convictions_after
    from tagged
    where convictions_after is not null
)

select
    'partners/priority_offenders' as feed,
    file_sha256,
    row_number,
    cast(null as string) as record_key,
    cast(null as date) as month,
    category,
    tags,
    cast(counts_for as double) as counts_for,
    {{ row_places(area_key="'ons:' || district_code") }}
from counted

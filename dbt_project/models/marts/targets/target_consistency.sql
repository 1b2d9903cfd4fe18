with targets as (select * from {{ ref("targets") }}),

-- The year's end, where there is one, else any month: the baseline and the target of a year are the same in each.
latest as (
    select
        target_vs_baseline.*,
        row_number() over (partition by target_id order by months_elapsed desc) as months_back
    from {{ ref("target_vs_baseline") }} as target_vs_baseline
),

valued as (
    select
        target_id,
        baseline_value,
        target_value
    from latest
    where months_back = 1
),

added_up as (
    select
        target_parts.whole_target_id as target_id,
        {{ listed("target_parts.part_target_id") }} as part_target_ids,
        case when count(valued.baseline_value) = count(*) then round(sum(valued.baseline_value), 6) end as parts_baseline,
        case when count(valued.target_value) = count(*) then round(sum(valued.target_value), 6) end as parts_target
    from {{ ref("target_parts") }} as target_parts
    left join valued
        on target_parts.part_target_id = valued.target_id
    group by target_parts.whole_target_id
),

remaining as (
    select
        targets.target_id,
        targets.plan_id,
        added_up.part_target_ids,
        valued.baseline_value,
        valued.target_value,
        added_up.parts_baseline,
        added_up.parts_target,
        round(valued.baseline_value - added_up.parts_baseline, 6) as rest_baseline,
        round(valued.target_value - added_up.parts_target, 6) as rest_target
    from added_up
    inner join targets
        on added_up.target_id = targets.target_id
    inner join valued
        on added_up.target_id = valued.target_id
)

select
    target_id,
    plan_id,
    part_target_ids,
    baseline_value,
    target_value,
    parts_baseline,
    parts_target,
    rest_baseline,
    rest_target,
    case when rest_baseline > 0 then round(100 * (rest_target / rest_baseline - 1), 4) end as rest_change_pct,
    case
        when rest_baseline is null or rest_target is null then 'not_measurable'
        when rest_baseline < 0 then 'parts_exceed_whole'
        when rest_baseline = 0 and rest_target = 0 then 'consistent'
        when rest_baseline > 0 and rest_target >= 0 then 'consistent_if_the_rest_follows'
        else 'inconsistent'
    end as finding
from remaining
order by target_id

with targets as (select * from {{ ref("targets") }}),
target_priorities as (select * from {{ ref("target_priorities") }}),
priorities as (select * from {{ ref("plan_items") }} where item_kind = 'priority')

select
    target_priorities.target_id,
    targets.plan_id,
    priorities.priority_code,
    priorities.series,
    priorities.priority_number,
    coalesce(targets.priority_code = priorities.priority_code, false) as is_first_stated,
    target_priorities.plan_line,
    -- What nobody stated in words, such as a target that follows from others, has none under any priority.
    coalesce(target_priorities.published_text, targets.published_text) as published_text,
    coalesce(priorities.leads, targets.lead_agency) as lead_agency
from target_priorities
inner join targets
    on target_priorities.target_id = targets.target_id
inner join priorities
    on
        targets.plan_id = priorities.plan_id
        and target_priorities.priority_code = priorities.priority_code
order by target_priorities.target_id, priorities.series, priorities.priority_number

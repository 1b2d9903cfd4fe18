{# A row is context exactly where its area is larger than the plan's own, whatever the level of either. #}
{% test context_is_larger_than_the_plan(model) %}

select placed.*
from {{ model }} as placed
left join {{ ref("int_plans__areas") }} as plan_areas
    on
        placed.plan_id = plan_areas.plan_id
        and placed.area_code = plan_areas.area_code
left join {{ ref("plans") }} as plans
    on
        placed.plan_id = plans.plan_id
        and placed.area_code = plans.area_code
where
    placed.is_context is distinct from coalesce(
        plan_areas.is_context, case when plans.plan_id is not null then false end
    )

{% endtest %}

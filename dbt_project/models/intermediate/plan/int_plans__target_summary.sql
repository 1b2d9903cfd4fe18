-- A target that a plan states under two priorities counts once.
with each_once as (
    select distinct
        plan_id,
        target_id,
        target_status,
        is_own,
        outcome,
        rag
    from {{ ref("int_priorities__measured") }}
    where outcome <> 'no_target'
),

target_counts as (
    select
        plan_id,
        sum(case when is_own then 1 else 0 end) as own_count,
        sum(case when is_own and outcome in ('met', 'not_met', 'in_progress') then 0 when is_own then 1 else 0 end) as open_count,
        {% for outcome in ["met", "not_met", "in_progress"] %}
            sum(case when is_own and outcome = '{{ outcome }}' then 1 else 0 end) as {{ outcome }}_count,
        {% endfor %}
        {% for rag in ["green", "amber", "red"] %}
            sum(case when is_own and outcome = 'in_progress' and rag = '{{ rag }}' then 1 else 0 end) as {{ rag }}_count,
        {% endfor %}
        sum(case when target_status = 'derived' then 1 else 0 end) as derived_count,
        sum(case when target_status = 'illustrative' and not is_own then 1 else 0 end) as example_count,
        bool_or(target_status = 'illustrative' and is_own) as is_of_examples
    from each_once
    group by plan_id
)

select
    plan_id,
    concat_ws(
        '; ',
        own_count || case when is_of_examples then ' illustrative' else '' end
        || case when own_count = 1 then ' target' else ' targets' end
        || coalesce(
            ': ' || nullif(
                concat_ws(
                    ', ',
                    case when met_count > 0 then met_count || ' met' end,
                    case when not_met_count > 0 then not_met_count || ' not met' end,
                    case
                        when in_progress_count > 0
                            then in_progress_count || ' in progress' || coalesce(
                                ' (' || nullif(
                                    concat_ws(
                                        ', ',
                                        {% for rag in ["green", "amber", "red"] %}
                                            case when {{ rag }}_count > 0 then {{ rag }}_count || ' {{ rag }}' end
                                            {%- if not loop.last %},{% endif %}
                                        {% endfor %}
                                    ),
                                    ''
                                ) || ')',
                                ''
                            )
                    end,
                    case when open_count > 0 then open_count || ' without a verdict' end
                ),
                ''
            ),
            ''
        ),
        'not counted: ' || nullif(
            concat_ws(
                ', ',
                case when derived_count > 0 then derived_count || ' derived' end,
                case when example_count > 0 then example_count || ' illustrative' end
            ),
            ''
        )
    ) as summary
from target_counts

{#
Every survey in the common shape. What an item asks, which answers count and what becomes of a question without an answer is in the seeds
survey_items and survey_answers; nothing here knows an item.
#}
with survey_items as (select * from {{ ref("survey_items") }}),
survey_answers as (select * from {{ ref("survey_answers") }}),

answers as (
    {% for model in [
        "stg_council__place_survey",
        "stg_council__fear_of_crime_survey",
        "stg_council__asb_satisfaction",
        "stg_council__young_people_survey",
        "stg_police__user_survey",
    ] %}
        select * from {{ ref(model) }}
        {{ "union all" if not loop.last }}
    {% endfor %}
),

judged as (
    select
        answers.*,
        survey_items.item,
        survey_items.counting_rule,
        survey_items.threshold,
        survey_answers.is_top_answer,
        survey_answers.points,
        coalesce(
            survey_answers.answer_kind = 'answer'
            or (survey_items.missing_rule = 'dk_as_zero' and survey_answers.answer_kind = 'dont_know'),
            false
        ) as is_usable
    from answers
    inner join survey_items
        on
            answers.feed = survey_items.source_feed
            and {{ list_holds("survey_items.questions", "answers.question") }}
    left join survey_answers
        on
            survey_items.scale = survey_answers.scale
            and answers.answer_code = survey_answers.answer_code
),

respondents as (
    select
        feed,
        file_sha256,
        row_number,
        item,
        max(respondent) as respondent,
        max(month) as month,
        max(weight) as weight,
        max(tags) as tags,
        max(area_key) as area_key,
        max(counting_rule) as counting_rule,
        bool_and(is_usable) as is_answered,
        bool_or(coalesce(is_top_answer, false)) as is_any_top_answer,
        coalesce(sum(points), 0) as score,
        coalesce(max(points), 0) as highest_points,
        max(threshold) as threshold
    from judged
    group by feed, file_sha256, row_number, item
),

counted as (
    select
        *,
        -- A mean needs two rows: what was scored, and who was asked.
        item || case
            when counting_rule = 'mean_score' then ' answered'
            when counting_rule = 'top_answers' and is_any_top_answer then ' yes'
            when counting_rule = 'score_at_least' and score >= threshold then ' yes'
            when counting_rule = 'any_answer_at_least' and highest_points >= threshold then ' yes'
            else ' no'
        end as category,
        weight as counts_for
    from respondents
    union all
    select
        *,
        item || ' score' as category,
        weight * score as counts_for
    from respondents
    where counting_rule = 'mean_score'
)

select
    feed,
    file_sha256,
    row_number,
    respondent || ' ' || category as record_key,
    month,
    category,
    concat_ws(';', nullif(tags, ''), case when not is_answered then 'no_answer' end) as tags,
    counts_for,
    {{ row_places(area_key="area_key") }}
from counted

{#
The answers of a survey as one row per respondent and question, for a staging model: `given` is a relation with file_sha256, row_number,
respondent, month, weight, tags, area_key and a column per question. A question left blank is the answer code -1.
#}
{% macro survey_answers(feed, given, questions) %}
{% for question in questions %}
    select
        '{{ feed }}' as feed,
        file_sha256,
        row_number,
        respondent,
        month,
        '{{ question }}' as question,
        coalesce({{ question }}, -1) as answer_code,
        weight,
        tags,
        area_key
    from {{ given }}
    {{ "union all" if not loop.last }}
{% endfor %}
{% endmacro %}

{# A statement holds for every row; unknown counts as broken. Returns the rows for which it does not hold. #}
{% test is_true(model, statement) %}

select *
from {{ model }}
where not coalesce({{ statement }}, false)

{% endtest %}

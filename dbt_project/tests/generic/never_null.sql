{# None of the columns is ever null: one test for a table instead of one a column. Returns the rows with a gap. #}
{% test never_null(model, columns) %}

select *
from {{ model }}
where {% for column in columns %}{{ column }} is null{% if not loop.last %} or {% endif %}{% endfor %}

{% endtest %}

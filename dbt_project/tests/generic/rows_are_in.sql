{# The columns together are a row of another table, unless one of them is empty. Returns the rows that are not. #}
{% test rows_are_in(model, columns, to) %}

select named.*
from {{ model }} as named
left join {{ to }} as known
    on {% for column in columns %}named.{{ column }} = known.{{ column }}{% if not loop.last %} and {% endif %}{% endfor %}

where
    known.{{ columns[0] }} is null
    {% for column in columns %}
    and named.{{ column }} is not null
    {% endfor %}

{% endtest %}

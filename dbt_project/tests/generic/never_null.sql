{# None of the columns is ever null: one test for a table instead of one a column. Returns the rows with a gap.
Of delivered rows of a feed that is kept as cells (`feed_in_cells`) it asks those that no earlier night has asked. #}
{% test never_null(model, columns, feed_in_cells=none) %}

select *
from {{ model }}
where
    ({% for column in columns %}{{ column }} is null{% if not loop.last %} or {% endif %}{% endfor %})
    {% if feed_in_cells %}and {{ has_no_kept_cells(feed_in_cells) }}{% endif %}

{% endtest %}

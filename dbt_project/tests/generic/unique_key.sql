{# The columns together identify a row: no repeated and no missing key. Returns the offending keys.
Of delivered rows of a feed that is kept as cells (`feed_in_cells`) it asks those that no earlier night has asked. #}
{% test unique_key(model, columns, feed_in_cells=none) %}

select
    {{ columns | join(",\n    ") }},
    count(*) as row_count
from {{ model }}
{% if feed_in_cells %}where {{ has_no_kept_cells(feed_in_cells) }}{% endif %}
group by {{ columns | join(", ") }}
having count(*) > 1{% for column in columns %} or {{ column }} is null{% endfor %}

{% endtest %}

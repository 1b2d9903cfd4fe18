{% for model in [
    "int_street_cleanliness__noted",
    "int_measures__reconsidered_noted",
] %}
    select
        measure_code,
        feed,
        area_code,
        period_type,
        period_label,
        note
    from {{ ref(model) }}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}

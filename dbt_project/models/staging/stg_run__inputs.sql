{% if var("as_at") %}

    select cast('{{ var("as_at") }}' as date) as as_at

{% else %}

    select as_at from {{ source("run", "inputs") }}

{% endif %}

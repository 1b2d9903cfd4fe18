with added as (select * from {{ ref("int_cells__added") }})

select * from added
{% if kept_cells() %}
    union all by name
    -- What was added is kept once the models are built, and read here again before the next night.
    select kept.*
    from read_parquet('{{ kept_cells() }}/**/*.parquet') as kept
    anti join added
        on
            kept.feed = added.feed
            and kept.file_sha256 = added.file_sha256
{% endif %}

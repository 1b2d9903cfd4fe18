with undecided_measures as (select * from {{ ref("undecided_measures") }}),

located as (
    select distinct
        feed,
        file_sha256,
        tags
    from {{ ref("int_rows__located") }}
    where feed in (select undecided_measures.source_feed from undecided_measures)
)

select distinct
    located.feed,
    located.file_sha256,
    undecided_measures.measure_code,
    undecided_measures.note
from located
inner join undecided_measures
    on
        located.feed = undecided_measures.source_feed
        and {{ list_holds("located.tags", "undecided_measures.tag") }}

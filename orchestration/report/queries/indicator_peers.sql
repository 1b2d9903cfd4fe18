-- Each indicator beside its peers in the latest whole year, or in the latest period where no year is compared.
select *
from peer_comparison
qualify
    row_number() over (
        partition by indicator_code, peer_group_id, area_code
        order by period_type <> 'financial_year', period_start desc
    ) = 1
    and period_start = max(period_start) over (
        partition by indicator_code, peer_group_id, period_type
    )
order by indicator_code, peer_group_id, peer_rank, area_name

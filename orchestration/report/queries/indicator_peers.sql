select *
from peer_comparison
where indicator_code = $indicator
qualify period_start = max(period_start) over (partition by peer_group_id)
order by peer_group_id, peer_rank, area_name

-- Peer groups whose areas are not compared, because too few have a figure or for another reason.
select *
from peer_group_coverage
where indicator_code = $indicator and not is_compared
order by peer_group_title

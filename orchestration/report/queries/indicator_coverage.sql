-- Peer groups whose areas are not compared, because too few have a figure or for another reason.
select *
from peer_group_coverage
where not is_compared
order by indicator_code, peer_group_title

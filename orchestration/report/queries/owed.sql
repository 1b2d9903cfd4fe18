-- Each return that is owed, the longest first.
select feed_title, coalesce(supplier_name, supplier, agency) as supplier, period_start, period_end, due_on, is_synthetic
from agency_returns
where status = 'missing'
order by due_on, feed_title, supplier, period_start

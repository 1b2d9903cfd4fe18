-- The course of one target, month by month, and the ends of the twelve months that its period has.
select
    *,
    list_transform(
        range(1, 13), lambda elapsed: cast(last_day(as_at + to_months(cast(elapsed - months_elapsed as integer))) as date)
    ) as month_ends
from target_vs_baseline
where target_id = $target and target_status <> 'not_set'
order by as_at

{{ config(materialized="table") }}

{#
Which counts of people the published tables hide: small ones, with partners, so that no total gives them back. Among the quarters of a
year the partner is the next later one, so that nothing published is taken back; among the districts of a year the next smallest.
Of such measures only whole years are published for parts of a supplier's area, and quarters for the whole of it, so the year's total
is the only figure that both add up to. The switch is for the test that shows what happens without partners.
#}
{% set has_partners = var("secondary_suppression", true) %}
{% set member_columns = [
    "measure_code", "feed", "area_code", "home_area_code", "period_type", "period_start", "period_label", "year_label",
    "value", "first_value", "below_count", "rows_anew", "is_small", "became_small",
] | join(", ") %}

with sized as (select * from {{ ref("int_measures__sized") }}),
measure_parts as (select * from {{ ref("measure_parts") }}),

-- The cells that add up to a total: quarters and districts to the year, and groups of people to all of them.
grouped as (
    select
        sized.*,
        case
            when sized.period_type = 'quarter' and sized.area_code = sized.home_area_code then 'quarters'
            when
                sized.period_type <> 'quarter'
                and sized.area_level = 'district'
                and sized.area_code <> sized.home_area_code
                then 'districts'
        end as parts_of_year,
        case
            when sized.period_type = 'quarter' then substr(sized.period_label, 1, 7) else sized.period_label
        end as year_label
    from sized
),

groups as (
    select
        grouped.*,
        measure_parts.whole_measure_code,
        measure_parts.grouping_code
    from grouped
    inner join measure_parts
        on
            grouped.measure_code = measure_parts.measure_code
            and measure_parts.grouping_code is not null
),

-- Who is in none of the groups is published nowhere, and so is a partner of its own.
rests_of_groups as (
    select
        groups.feed,
        groups.area_code,
        groups.home_area_code,
        groups.period_type,
        groups.period_start,
        groups.period_label,
        groups.year_label,
        groups.whole_measure_code,
        groups.grouping_code,
        groups.below_count,
        round(min(whole_cells.value) - sum(groups.value), 9) as value,
        round(min(whole_cells.first_value) - sum(groups.first_value), 9) as first_value,
        max(whole_cells.rows_anew) + sum(groups.rows_anew) as rows_anew
    from groups
    inner join grouped as whole_cells
        on
            groups.whole_measure_code = whole_cells.measure_code
            and groups.area_code = whole_cells.area_code
            and groups.period_type = whole_cells.period_type
            and groups.period_label = whole_cells.period_label
    group by
        groups.feed,
        groups.area_code,
        groups.home_area_code,
        groups.period_type,
        groups.period_start,
        groups.period_label,
        groups.year_label,
        groups.whole_measure_code,
        groups.grouping_code,
        groups.below_count
),

others as (
    select
        *,
        cast(null as string) as measure_code,
        (value > 0 and value < below_count)
        or (first_value > 0 and first_value < below_count)
        or (rows_anew > 0 and value - rows_anew < below_count and value + rows_anew > 0) as is_small,
        value > 0 and value < below_count and not (first_value > 0 and first_value < below_count) as became_small
    from rests_of_groups
    where value > 0 or first_value > 0 or rows_anew > 0
),

families as (
    select
        {{ member_columns }},
        true as is_published,
        measure_code as year_of_measure_code,
        parts_of_year as parts,
        concat_ws('|', measure_code, home_area_code, year_label) as family
    from grouped
    union all
    select
        {{ member_columns }},
        true as is_published,
        measure_code as year_of_measure_code,
        grouping_code as parts,
        concat_ws('|', whole_measure_code, grouping_code, area_code, period_label) as family
    from groups
    union all
    select
        {{ member_columns }},
        false as is_published,
        whole_measure_code as year_of_measure_code,
        grouping_code as parts,
        concat_ws('|', whole_measure_code, grouping_code, area_code, period_label) as family
    from others
),

-- Partners in the order in which they are taken: a later quarter, the next smallest district or group that is not 0.
dated as (
    select
        *,
        min(case when is_small then period_start end) over (partition by family, feed, parts) as first_small_start
    from families
),

ordered as (
    select
        *,
        bool_or(is_small) over parts_of_family as has_small,
        row_number() over (
            partition by family, feed, parts
            order by
                case when is_small or not is_published then 0 else 1 end,
                case
                    when parts = 'quarters' and period_start < first_small_start then 2
                    when parts <> 'quarters' and first_value = 0 then 1
                    else 0
                end,
                case when parts = 'quarters' then period_start end,
                first_value,
                area_code,
                measure_code
        ) as place,
        parts = 'quarters' and period_start < first_small_start as is_earlier
    from dated
    window parts_of_family as (partition by family, feed, parts)
),

running as (
    select
        *,
        sum(first_value) over (
            partition by family, feed, parts
            order by place rows between unbounded preceding and current row
        ) - first_value as sum_before
    from ordered
),

paired as (
    select
        *,
        is_small
        or not is_published
        or (
            {{ has_partners }}
            and parts is not null
            and has_small
            and not coalesce(is_earlier, false)
            and (place <= 2 or sum_before < below_count)
        ) as is_hidden_part
    from running
),

-- Where no partner is left, the total and all that adds up to it is hidden too.
weighed as (
    select
        *,
        parts is not null
        and has_small
        and (
            sum(case when is_hidden_part then 1 else 0 end) over parts_of_family < 2
            or sum(case when is_hidden_part then value else 0 end) over parts_of_family < below_count
            or sum(case when is_hidden_part then first_value else 0 end) over parts_of_family < below_count
        ) as lacks_partner,
        -- The next smallest may have been another one before it was counted anew.
        parts <> 'quarters' and has_small and max(rows_anew) over parts_of_family > 0 as had_other_partners
    from paired
    window parts_of_family as (partition by family, feed, parts)
),

years as (
    select
        year_of_measure_code,
        feed,
        home_area_code,
        year_label,
        -- Quarters add up to a year as well, so that a rest without partner takes all of the whole's year with it.
        bool_or(became_small or had_other_partners or (lacks_partner and not is_published)) as hides_all,
        bool_or(lacks_partner) as lacks_partner
    from weighed
    group by year_of_measure_code, feed, home_area_code, year_label
),

hidden as (
    select
        weighed.measure_code,
        weighed.feed,
        weighed.area_code,
        weighed.period_type,
        weighed.period_label,
        case
            when weighed.is_small then 'a small number of people'
            when {{ has_partners }} and years.hides_all
                then 'a count of the year became small, was counted anew, or has no partner: other figures or releases would give it back'
            when weighed.is_hidden_part then 'it would give a hidden count back'
            when {{ has_partners }} and years.lacks_partner and weighed.period_type <> 'quarter'
                then 'it would give a hidden count back'
        end as reason
    from weighed
    inner join years
        on
            weighed.measure_code = years.year_of_measure_code
            and weighed.feed = years.feed
            and weighed.home_area_code = years.home_area_code
            and weighed.year_label = years.year_label
)

select
    measure_code,
    feed,
    area_code,
    period_type,
    period_label,
    min(reason) as reason
from hidden
where reason is not null and measure_code is not null
group by measure_code, feed, area_code, period_type, period_label

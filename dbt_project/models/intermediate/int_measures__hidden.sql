{{ config(materialized="table") }}

{#
Which counts of people the published tables hide. A count is small above 0 and below the rule's bound, when its base is below the
indicator's smallest, or when what it leaves of its whole is small. Small counts are hidden with partners, so that no total gives
them back: among the quarters of a year the next later one, so that nothing published is taken back; among the districts of a year
the next smallest. Of such measures only whole years are published for parts of a supplier's area, and quarters for the whole of it,
so the year's total is the only figure that both add up to. The switch is for the test that shows what happens without partners.
#}
{% set has_partners = var("secondary_suppression", true) %}
{% set member_columns = [
    "measure_code", "feed", "area_code", "home_area_code", "period_type", "period_start", "period_label", "year_label",
    "value", "first_value", "below_count", "rows_anew", "is_small", "became_small",
] | join(", ") %}

with rules as (

    select
        measures.measure_code,
        disclosure_rules.below_count,
        disclosure_rules.disclosure_rule
    from {{ ref("measures") }} as measures
    inner join {{ ref("disclosure_rules") }} as disclosure_rules
        on measures.disclosure_rule = disclosure_rules.disclosure_rule
    where disclosure_rules.below_count is not null

),

catalogue as (

    select * from {{ ref("indicator_catalogue") }}

),

measure_parts as (

    select * from {{ ref("measure_parts") }}

),

bases as (

    select
        denominator_measure as measure_code,
        max(minimum_base) as minimum_base
    from catalogue
    where denominator_measure is not null
    group by denominator_measure

),

periods as (

    select distinct
        feed,
        home_area_code,
        period_type,
        period_start,
        period_end,
        period_label,
        is_complete
    from {{ ref("int_periods__judged") }}

),

placed as (

    select * from {{ ref("int_areas__covered") }}
    where has_closer_home is not true

),

deliveries as (

    select
        feed,
        file_sha256,
        max(receipt_number) as receipt_number
    from {{ ref("int_deliveries__ranked") }}
    where is_taken_in
    group by feed, file_sha256

),

restatements as (

    select
        restated.feed,
        restated.measure_code,
        restated.area_code,
        restated.month,
        restated.value - restated.previous_value as change,
        deliveries.receipt_number
    from {{ ref("int_measures__restated") }} as restated
    inner join deliveries
        on
            restated.feed = deliveries.feed
            and restated.file_sha256 = deliveries.file_sha256
    where restated.measure_code in (select rules.measure_code from rules)

),

-- What an earlier delivery decides was counted anew when it was corrected. Nobody kept what it was before, but it was off by no
-- more than the rows that the correction touches.
counted_anew as (

    select * from {{ ref("int_measures__reconsidered") }}

),

rows_counted_anew as (

    select
        counted_anew.measure_code,
        counted_anew.feed,
        counted_anew.area_code,
        periods.period_type,
        periods.period_label,
        sum(counted_anew.row_count) as row_count
    from counted_anew
    inner join periods
        on
            counted_anew.feed = periods.feed
            and counted_anew.home_area_code = periods.home_area_code
            and counted_anew.month between periods.period_start and periods.period_end
    group by
        counted_anew.measure_code,
        counted_anew.feed,
        counted_anew.area_code,
        periods.period_type,
        periods.period_label

),

cells as (

    select
        by_period.measure_code,
        by_period.feed,
        by_period.area_code,
        placed.area_level,
        placed.home_area_code,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.period_label,
        periods.is_complete,
        by_period.value,
        by_period.row_count,
        coalesce(rows_counted_anew.row_count, 0) as rows_anew,
        rules.below_count,
        bases.minimum_base
    from {{ ref("int_measures__by_period") }} as by_period
    inner join rules
        on by_period.measure_code = rules.measure_code
    inner join placed
        on
            by_period.feed = placed.feed
            and by_period.area_code = placed.area_code
    inner join periods
        on
            by_period.feed = periods.feed
            and placed.home_area_code = periods.home_area_code
            and by_period.period_type = periods.period_type
            and by_period.period_label = periods.period_label
    left join bases
        on by_period.measure_code = bases.measure_code
    left join rows_counted_anew
        on
            by_period.measure_code = rows_counted_anew.measure_code
            and by_period.feed = rows_counted_anew.feed
            and by_period.area_code = rows_counted_anew.area_code
            and by_period.period_type = rows_counted_anew.period_type
            and by_period.period_label = rows_counted_anew.period_label

),

changes as (

    select
        cells.measure_code,
        cells.area_code,
        cells.period_type,
        cells.period_label,
        restatements.receipt_number,
        round(sum(restatements.change), 9) as change
    from cells
    inner join restatements
        on
            cells.feed = restatements.feed
            and cells.measure_code = restatements.measure_code
            and cells.area_code = restatements.area_code
            and restatements.month between cells.period_start and cells.period_end
    group by cells.measure_code, cells.area_code, cells.period_type, cells.period_label, restatements.receipt_number

),

-- What a part leaves of its whole is a count as well: of a percentage's denominator, of a measure that it is a part of, and of the
-- district that a place lies in.
wholes as (

    select distinct
        cells.measure_code,
        cells.area_code,
        cells.area_code as whole_area_code,
        catalogue.denominator_measure as whole_measure_code
    from cells
    inner join catalogue
        on
            cells.measure_code = catalogue.numerator_measure
            and catalogue.formula_kind = 'percentage'
    union
    select
        cells.measure_code,
        cells.area_code,
        cells.area_code as whole_area_code,
        measure_parts.whole_measure_code
    from cells
    inner join measure_parts
        on cells.measure_code = measure_parts.measure_code
    union
    select
        cells.measure_code,
        cells.area_code,
        local_areas.district_code as whole_area_code,
        cells.measure_code as whole_measure_code
    from cells
    inner join {{ ref("local_areas") }} as local_areas
        on cells.area_code = local_areas.area_code

),

rests as (

    select
        cells.*,
        wholes.whole_measure_code,
        wholes.whole_area_code,
        whole_cells.value - cells.value as rest,
        cells.rows_anew + whole_cells.rows_anew as rest_rows_anew
    from cells
    inner join wholes
        on
            cells.measure_code = wholes.measure_code
            and cells.area_code = wholes.area_code
    inner join cells as whole_cells
        on
            wholes.whole_measure_code = whole_cells.measure_code
            and wholes.whole_area_code = whole_cells.area_code
            and cells.period_type = whole_cells.period_type
            and cells.period_label = whole_cells.period_label

),

counts as (

    select
        measure_code,
        area_code,
        period_type,
        period_label,
        'itself' as what,
        measure_code as whole_measure_code,
        area_code as whole_area_code,
        value,
        row_count,
        rows_anew,
        below_count,
        minimum_base
    from cells
    union all
    select
        measure_code,
        area_code,
        period_type,
        period_label,
        'rest of ' || whole_measure_code || ' in ' || whole_area_code,
        whole_measure_code,
        whole_area_code,
        rest,
        null,
        rest_rows_anew,
        below_count,
        null
    from rests

),

changes_of_counts as (

    select
        measure_code,
        area_code,
        period_type,
        period_label,
        'itself' as what,
        receipt_number,
        change
    from changes
    union all
    select
        rests.measure_code,
        rests.area_code,
        rests.period_type,
        rests.period_label,
        'rest of ' || rests.whole_measure_code || ' in ' || rests.whole_area_code,
        changes.receipt_number,
        case
            when changes.measure_code = rests.measure_code and changes.area_code = rests.area_code then -changes.change
            else changes.change
        end
    from rests
    inner join changes
        on
            rests.period_type = changes.period_type
            and rests.period_label = changes.period_label
            and (
                (rests.measure_code = changes.measure_code and rests.area_code = changes.area_code)
                or (rests.whole_measure_code = changes.measure_code and rests.whole_area_code = changes.area_code)
            )

),

-- Each count as it is, and as it was before each correction.
versions as (

    select
        counts.*,
        counts.value as version_value,
        true as is_current
    from counts
    union all
    select
        counts.*,
        counts.value - sum(changes_of_counts.change) over (
            partition by
                counts.measure_code, counts.area_code, counts.period_type, counts.period_label, counts.what
            order by changes_of_counts.receipt_number desc
            range between unbounded preceding and current row
        ) as version_value,
        false as is_current
    from counts
    inner join changes_of_counts
        on
            counts.measure_code = changes_of_counts.measure_code
            and counts.area_code = changes_of_counts.area_code
            and counts.period_type = changes_of_counts.period_type
            and counts.period_label = changes_of_counts.period_label
            and counts.what = changes_of_counts.what

),

sized as (

    select
        measure_code,
        area_code,
        period_type,
        period_label,
        what,
        whole_measure_code,
        whole_area_code,
        is_current,
        rows_anew,
        (round(version_value, 6) + rows_anew > 0 and version_value - rows_anew < below_count)
        or (is_current and row_count > 0 and row_count < greatest(below_count, coalesce(minimum_base, 0))) as is_small
    from versions

),

sizes as (

    select
        measure_code,
        area_code,
        period_type,
        period_label,
        what,
        whole_measure_code,
        whole_area_code,
        bool_or(coalesce(is_small, false)) as is_small,
        bool_or(coalesce(is_small, false) and is_current)
        and (bool_or(not coalesce(is_small, false) and not is_current) or max(rows_anew) > 0) as became_small
    from sized
    group by measure_code, area_code, period_type, period_label, what, whole_measure_code, whole_area_code

),

-- What a part leaves can have become small by a correction of the part or of its whole.
became_small as (

    select
        measure_code,
        area_code,
        period_type,
        period_label
    from sizes
    where became_small
    union
    select
        whole_measure_code,
        whole_area_code,
        period_type,
        period_label
    from sizes
    where became_small

),

corrections as (

    select
        measure_code,
        area_code,
        period_type,
        period_label,
        round(sum(change), 9) as change
    from changes
    group by measure_code, area_code, period_type, period_label

),

small as (

    select distinct
        measure_code,
        area_code,
        period_type,
        period_label
    from sizes
    where is_small

),

judged as (

    select
        cells.*,
        -- Partners go by what was counted at first, so that a correction hides no other ones than the release before.
        round(cells.value - coalesce(corrections.change, 0), 9) as first_value,
        small.measure_code is not null as is_small,
        became_small.measure_code is not null as became_small
    from cells
    left join corrections
        on
            cells.measure_code = corrections.measure_code
            and cells.area_code = corrections.area_code
            and cells.period_type = corrections.period_type
            and cells.period_label = corrections.period_label
    left join small
        on
            cells.measure_code = small.measure_code
            and cells.area_code = small.area_code
            and cells.period_type = small.period_type
            and cells.period_label = small.period_label
    left join became_small
        on
            cells.measure_code = became_small.measure_code
            and cells.area_code = became_small.area_code
            and cells.period_type = became_small.period_type
            and cells.period_label = became_small.period_label

),

-- The cells that add up to a total: quarters and districts to the year, and groups of people to all of them.
grouped as (

    select
        judged.*,
        case
            when judged.period_type = 'quarter' and judged.area_code = judged.home_area_code then 'quarters'
            when
                judged.period_type <> 'quarter'
                and judged.area_level = 'district'
                and judged.area_code <> judged.home_area_code
                then 'districts'
        end as parts_of_year,
        case
            when judged.period_type = 'quarter' then substr(judged.period_label, 1, 7) else judged.period_label
        end as year_label
    from judged

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
                then 'a count of the year became small or was counted anew, or has no partner, and other figures or releases would give it back'
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

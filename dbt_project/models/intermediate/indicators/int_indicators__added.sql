with sums as (select * from {{ ref("indicator_sums") }}),
indicators as (select * from {{ ref("indicators") }}),
measured as (select * from {{ ref("int_indicators__measured") }}),

parts_needed as (
    select
        indicator_code,
        count(*) as parts_needed,
        {{ listed("part_indicator") }} as part_indicators
    from sums
    group by indicator_code
),

-- Complete when each part is there and complete, never smaller.
added as (
    select
        sums.indicator_code,
        parts.area_code,
        parts.area_name,
        parts.area_level,
        parts.period_type,
        parts.period_start,
        parts.period_end,
        parts.period_label,
        count(*) = max(parts_needed.parts_needed) and bool_and(parts.is_complete) as is_complete,
        'missing or incomplete: one of ' || max(parts_needed.part_indicators) as completeness_note,
        bool_and(parts.is_past_revision_window) as is_past_revision_window,
        bool_or(parts.is_synthetic) as is_synthetic,
        bool_or(parts.is_revised) as is_revised,
        case
            when count(*) = max(parts_needed.parts_needed) and bool_and(parts.is_complete) then sum(parts.numerator)
        end as numerator,
        -- A part is as small as what it rests on: twelve convictions can be those of two people.
        min(case when parts.numerator > 0 then least(parts.numerator, parts.numerator_row_count) end) as smallest_part
    from sums
    inner join parts_needed
        on sums.indicator_code = parts_needed.indicator_code
    inner join measured as parts
        on sums.part_indicator = parts.indicator_code
    group by
        sums.indicator_code,
        parts.area_code,
        parts.area_name,
        parts.area_level,
        parts.period_type,
        parts.period_start,
        parts.period_end,
        parts.period_label
)

select
    added.*,
    indicators.formula_kind,
    indicators.multiplier
from added
inner join indicators
    on added.indicator_code = indicators.indicator_code
where {{ list_holds("indicators.allowed_area_levels", "added.area_level") }}

{# Figures, periods and changes as a sentence says them. #}

{# A figure with its unit: 1,009 incidents, 20.1% of respondents. #}
{% macro figure_in_words(figure, decimals, unit) -%}
    ({{ number_text(figure, decimals) }} || case when left({{ unit }}, 1) = '%' then '' else ' ' end || {{ unit }})
{%- endmacro %}

{# A period of whole months by its first and last day: 2007/08, 2008, April 2008, April to October 2008, July 2007 to June 2008. #}
{% macro period_in_words(first_day, last_day) -%}
    case
        when month({{ first_day }}) = 4 and month({{ last_day }}) = 3 and year({{ last_day }}) = year({{ first_day }}) + 1
            then cast(year({{ first_day }}) as string) || '/' || right(cast(year({{ last_day }}) as string), 2)
        when month({{ first_day }}) = 1 and month({{ last_day }}) = 12 and year({{ last_day }}) = year({{ first_day }})
            then cast(year({{ first_day }}) as string)
        else
            case
                when year({{ first_day }}) <> year({{ last_day }})
                    then {{ month_name(first_day) }} || ' ' || cast(year({{ first_day }}) as string) || ' to '
                when month({{ first_day }}) <> month({{ last_day }}) then {{ month_name(first_day) }} || ' to '
                else ''
            end
            || {{ month_name(last_day) }} || ' ' || cast(year({{ last_day }}) as string)
    end
{%- endmacro %}

{# How a figure moved: down by 4.1% on April to October 2007, 61 fewer (1,432 incidents in April to October 2008, after 1,493). Null where either is missing. #}
{% macro change_in_words(figure, previous, change_pct, is_count, decimals, unit, period, previous_period) -%}
    (
        case
            when {{ figure }} = {{ previous }} then 'unchanged'
            else
                case when {{ figure }} < {{ previous }} then 'down' else 'up' end
                || case
                    when {{ change_pct }} is not null then ' by ' || {{ number_text("abs(" ~ change_pct ~ ")", "1") }} || '%'
                    when instr({{ unit }}, '%') > 0 or {{ unit }} = 'percentage points'
                        then ' by ' || {{ number_text("abs(" ~ figure ~ " - " ~ previous ~ ")", decimals) }} || ' points'
                    else ''
                end
        end
        || ' on ' || {{ previous_period }}
        || case
            when {{ is_count }} and {{ figure }} <> {{ previous }}
                then ', ' || {{ number_text("abs(" ~ figure ~ " - " ~ previous ~ ")", decimals) }}
                || case when {{ figure }} < {{ previous }} then ' fewer' else ' more' end
            else ''
        end
        || ' (' || {{ figure_in_words(figure, decimals, unit) }} || ' in ' || {{ period }} || ', after ' || {{ number_text(previous, decimals) }} || ')'
    )
{%- endmacro %}

{# Whether a change could be chance. #}
{% macro noise_in_words(is_significant) -%}
    case {{ is_significant }} when true then 'more than noise' when false then 'not more than noise' else 'not tested' end
{%- endmacro %}

{# The title of an indicator without what its figures say anyway: that they are a count or a rate. #}
{% macro title_in_words(title) -%}
    regexp_replace({{ title }}, ', (count|rate)$', '')
{%- endmacro %}

{# A title that is printed in capitals, as a sentence is written; any other as it is. #}
{% macro without_capitals(title) -%}
    case
        when {{ title }} = upper({{ title }})
            then upper(left({{ title }}, 1)) || lower(rtrim(substr({{ title }}, 2), '.'))
        else {{ title }}
    end
{%- endmacro %}

{# A sentence with what the status of its target or indicator means, where that is more than that the plan set or named it. #}
{% macro with_status(sentence, status) -%}
    (
        {{ sentence }} || case {{ status }}
            when 'derived' then ' (follows from others)'
            when 'illustrative' then ' (an example)'
            when 'example' then ' (an example in the form)'
            when 'proposed' then ' (proposed, not agreed)'
            when 'twin' then ' (the same by another instrument)'
            else ''
        end
    )
{%- endmacro %}

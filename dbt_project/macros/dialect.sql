{# Where DuckDB and Spark SQL differ. Models call these; a second target adds a `spark__` or changes a `default__`, and no model. #}

{# The month `months` after the month that starts at `month` (a date; the result is a date). #}
{% macro add_months(month, months) %}{{ return(adapter.dispatch("add_months")(month, months)) }}{% endmacro %}

{% macro default__add_months(month, months) %}add_months({{ month }}, {{ months }}){% endmacro %}

{% macro duckdb__add_months(month, months) %}cast({{ month }} + to_months(cast({{ months }} as integer)) as date){% endmacro %}


{# One row for each first of month from `first_month` to `last_month`, both included; none when the first comes after the last. #}
{% macro each_month(first_month, last_month) %}{{ return(adapter.dispatch("each_month")(first_month, last_month)) }}{% endmacro %}

{% macro default__each_month(first_month, last_month) %}
explode(
    case
        when {{ first_month }} <= {{ last_month }} then sequence({{ first_month }}, {{ last_month }}, interval 1 month)
    end
)
{% endmacro %}

{% macro duckdb__each_month(first_month, last_month) %}
cast(unnest(generate_series({{ first_month }}, {{ last_month }}, interval 1 month)) as date)
{% endmacro %}


{# One row for each whole number from `first` to `last`, both included. #}
{% macro each_number(first, last) %}{{ return(adapter.dispatch("each_number")(first, last)) }}{% endmacro %}

{% macro default__each_number(first, last) %}explode(sequence({{ first }}, {{ last }})){% endmacro %}

{% macro duckdb__each_number(first, last) %}unnest(generate_series({{ first }}, {{ last }})){% endmacro %}


{# The entries of a map, one row each, as a struct with the fields key and value. #}
{% macro each_entry(map) %}{{ return(adapter.dispatch("each_entry")(map)) }}{% endmacro %}

{% macro default__each_entry(map) %}explode(map_entries({{ map }})){% endmacro %}

{% macro duckdb__each_entry(map) %}unnest(map_entries({{ map }})){% endmacro %}


{# The items of a list, one row each. #}
{% macro each_item(list) %}{{ return(adapter.dispatch("each_item")(list)) }}{% endmacro %}

{% macro default__each_item(list) %}explode({{ list }}){% endmacro %}

{% macro duckdb__each_item(list) %}unnest({{ list }}){% endmacro %}


{# A month as text: 2021-04. #}
{% macro month_label(month) %}{{ return(adapter.dispatch("month_label")(month)) }}{% endmacro %}

{% macro default__month_label(month) %}date_format({{ month }}, 'yyyy-MM'){% endmacro %}

{% macro duckdb__month_label(month) %}strftime({{ month }}, '%Y-%m'){% endmacro %}


{# The English name of a day's month: October. #}
{% macro month_name(day) %}{{ return(adapter.dispatch("month_name")(day)) }}{% endmacro %}

{% macro default__month_name(day) %}date_format({{ day }}, 'MMMM'){% endmacro %}

{% macro duckdb__month_name(day) %}strftime({{ day }}, '%B'){% endmacro %}


{# A number with so many decimals and commas between thousands: 1,009. #}
{% macro number_text(number, decimals) %}{{ return(adapter.dispatch("number_text")(number, decimals)) }}{% endmacro %}

{% macro default__number_text(number, decimals) %}format_number({{ number }}, {{ decimals }}){% endmacro %}

{# Nothing but rounding makes a minus nothing, so that is added to. #}
{% macro duckdb__number_text(number, decimals) -%}
    format('{:,.{}f}', round({{ number }}, {{ decimals }}) + cast(0 as double), {{ decimals }})
{%- endmacro %}


{# The distinct texts of a group in their own order, separated by a comma; null when there is none. #}
{% macro listed(text) %}{{ return(adapter.dispatch("listed")(text)) }}{% endmacro %}

{% macro default__listed(text) %}nullif(array_join(array_sort(collect_set({{ text }})), ', '), ''){% endmacro %}

{% macro duckdb__listed(text) %}string_agg(distinct {{ text }}, ', ' order by {{ text }}){% endmacro %}


{# The numbers of a group as an array, in order. #}
{% macro in_order(number) %}{{ return(adapter.dispatch("in_order")(number)) }}{% endmacro %}

{% macro default__in_order(number) %}array_sort(collect_list({{ number }})){% endmacro %}

{% macro duckdb__in_order(number) %}list({{ number }} order by {{ number }}){% endmacro %}


{# An array of text as one text; null for an empty one. #}
{% macro joined(texts, separator) %}{{ return(adapter.dispatch("joined")(texts, separator)) }}{% endmacro %}

{% macro default__joined(texts, separator) %}nullif(array_join({{ texts }}, '{{ separator }}'), ''){% endmacro %}

{% macro duckdb__joined(texts, separator) %}nullif(array_to_string({{ texts }}, '{{ separator }}'), ''){% endmacro %}


{# The natural logarithm of the gamma function; Spark SQL has none, so there it is Stirling's series after eight steps of recurrence. #}
{% macro log_gamma(number) %}{{ return(adapter.dispatch("log_gamma")(number)) }}{% endmacro %}

{% macro default__log_gamma(number) -%}
    (
        ({{ number }} + 7.5) * ln({{ number }} + 8) - ({{ number }} + 8) + 0.9189385332046728
        + 1 / (12 * ({{ number }} + 8)) - 1 / (360 * power({{ number }} + 8, 3)) + 1 / (1260 * power({{ number }} + 8, 5))
        {% for step in range(8) %}- ln({{ number }} + {{ step }}){% endfor %}
    )
{%- endmacro %}

{% macro duckdb__log_gamma(number) %}lgamma({{ number }}){% endmacro %}


{# How many days after `earlier` the day `later` is; both are dates. #}
{% macro days_between(earlier, later) %}{{ return(adapter.dispatch("days_between")(earlier, later)) }}{% endmacro %}

{% macro default__days_between(earlier, later) %}datediff({{ later }}, {{ earlier }}){% endmacro %}

{% macro duckdb__days_between(earlier, later) %}date_diff('day', {{ earlier }}, {{ later }}){% endmacro %}


{# How many months the month that starts at `later` is after that which starts at `earlier`. #}
{% macro months_between(earlier, later) %}{{ return(adapter.dispatch("months_between")(earlier, later)) }}{% endmacro %}

{% macro default__months_between(earlier, later) %}cast(months_between({{ later }}, {{ earlier }}) as integer){% endmacro %}

{% macro duckdb__months_between(earlier, later) %}date_diff('month', {{ earlier }}, {{ later }}){% endmacro %}


{# The day so many days after a day. #}
{% macro add_days(day, days) %}{{ return(adapter.dispatch("add_days")(day, days)) }}{% endmacro %}

{% macro default__add_days(day, days) %}date_add({{ day }}, {{ days }}){% endmacro %}

{% macro duckdb__add_days(day, days) %}cast({{ day }} + to_days(cast({{ days }} as integer)) as date){% endmacro %}


{# A number that differs where any of the columns does: equal for equal values, by the same version of the engine. #}
{% macro hash_of(columns) %}{{ return(adapter.dispatch("hash_of")(columns)) }}{% endmacro %}

{% macro default__hash_of(columns) %}cast(xxhash64({{ columns | join(", ") }}) as decimal(38, 0)){% endmacro %}

{% macro duckdb__hash_of(columns) %}hash({{ columns | join(", ") }}){% endmacro %}

{# The columns of a located row by which, or of which, int_measures__by_delivery makes sums. #}
{% macro columns_of_sums() -%}
    {{ return([
        "month", "measure_codes", "home_area_level", "county_code", "merged_district_code", "district_code", "ward_code", "lsoa_code",
        "beat_code", "csp_code", "local_area_codes", "counts_for", "row_count"
    ]) }}
{%- endmacro %}


{# A digest of the SQL that makes the sums, which uses no macro but those of keeping them, and a hash as a key. #}
{% macro rules_of_sums() -%}
    {%- set model = "model." ~ project_name ~ ".int_measures__by_delivery" -%}
    {%- set sql = graph.nodes[model].raw_code if execute and graph.nodes else "" -%}
    {{ return(local_md5(sql)) }}
{%- endmacro %}


{# Whether the model that is built holds rows of an earlier build, each with the fingerprint of what it was made of. #}
{% macro keeps_fingerprints() -%}
    {{ return(
        is_incremental()
        and "fingerprint" in adapter.get_columns_in_relation(this) | map(attribute="name") | list
    ) }}
{%- endmacro %}


{# Before new sums come in, those of deliveries that are gone, or are made of something else now, go: in one transaction with them. #}
{% macro remove_changed_deliveries() -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        {% if keeps_fingerprints() -%}
            where fingerprint not in (select current.fingerprint from {{ ref("int_measures__fingerprinted") }} as current)
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{# The SQL of the model once more for each batch that has deliveries without sums; the model itself is the first batch. #}
{% macro add_up_other_batches() -%}
    {%- set batches -%}
        select distinct batch from {{ ref("int_measures__fingerprinted") }}
        where
            batch > 0
            and fingerprint not in (select kept.fingerprint from {{ this }} as kept)
        order by batch
    {%- endset -%}
    {%- if execute -%}
        {%- for batch in run_query(batches).columns[0].values() %}
            set variable batch = {{ batch }};
            insert into {{ this }} by name {{ sql }};
        {%- endfor %}
        reset variable batch;
    {%- endif -%}
{%- endmacro %}

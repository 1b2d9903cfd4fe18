{{ config(materialized="view") }}

{{ measure_values_with_zeros() }}

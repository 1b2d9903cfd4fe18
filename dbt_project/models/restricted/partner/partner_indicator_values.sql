select * exclude (is_suppressed) from {{ ref("int_indicators__computed") }}

select feed from {{ ref("int_feeds__of_people") }}

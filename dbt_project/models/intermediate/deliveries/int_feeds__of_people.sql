with measures as (select * from {{ ref("measures") }}),
disclosure_rules as (select * from {{ ref("disclosure_rules") }}),

-- A row of such a feed is a person, so that numbers of rows are counts of people.
of_people as (
    select distinct measures.source_feed as feed
    from measures
    inner join disclosure_rules
        on measures.disclosure_rule = disclosure_rules.disclosure_rule
    where not disclosure_rules.shows_months
)

select feed from of_people

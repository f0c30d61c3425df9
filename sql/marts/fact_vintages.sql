-- every report of every fact, in the order in which they would be used; one row per fact, story and value
with final as (
    select
        row_number() over (
            one_fact order by choice_key(
                o.comparator, o.naming, o.authority, o.published_at, o.char_start, o.confidence, o.metric_id
            )
        ) as choice_rank,
        row_number() over (one_fact order by o.first_print nulls last, o.document_id, o.char_start) as vintage,
        o.*
    from observations as o
    where o.fact_id is not null
    window one_fact as (partition by o.city_code, o.city, o.indicator_id, o.indicator, o.indicator_en, o.period_end, o.fact_id)
)

select * from final

-- every report of every fact, in the order in which they would be used; one row per fact, story and value
with final as (
    select
        fact_key(city_code, indicator_id, item, o.kind, unit, period_type, period_start, period_end, rank_scope, against) as fact_id,
        row_number() over (
            one_fact order by choice_key(comparator, own_name, authority, published_at, char_start, confidence, metric_id)
        ) as choice_rank,
        row_number() over (one_fact order by first_print nulls last, document_id, char_start) as vintage,
        o.*
    from observations as o
    where indicator_id is not null and period_end is not null and city_code is not null
    window one_fact as (
        partition by
            city_code, city, indicator_id, o.indicator, indicator_en, item, o.kind, unit, period_type, period_start, period_end,
            rank_scope, against
    )
)

select * from final

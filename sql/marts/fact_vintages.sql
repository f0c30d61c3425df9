-- every report of every fact, in the order in which they would be used; one row per fact, story and value
with final as (
    select
        md5(concat_ws('|', city_code, indicator_id, coalesce(item, ''), kind, coalesce(unit, ''), coalesce(period_type, ''),
            coalesce(period_start::varchar, ''), period_end::varchar, coalesce(rank_scope, ''), coalesce(against, ''))) as fact_id,
        row_number() over (
            partition by city_code, indicator_id, item, kind, unit, period_type, period_start, period_end, rank_scope, against
            order by choice_key(comparator, authority, published_at, char_start, confidence, metric_id)
        ) as choice_rank,
        row_number() over (
            partition by city_code, indicator_id, item, kind, unit, period_type, period_start, period_end, rank_scope, against
            order by published_at nulls last, document_id, char_start
        ) as vintage,
        *
    from observations
    where indicator_id is not null and period_end is not null
)

select * from final

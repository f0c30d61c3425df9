-- cities side by side: their place among the cities present, and the places that were reported; one row per fact that can be ranked
-- `place` counts only the cities that are here (`cities_compared`), ties share a place; `reported_ranks` is what the sources say.
with ranked_kinds as (
    select * from city_facts
    where list_contains(['level', 'count', 'growth_yoy', 'ratio', 'index', 'share'], kind) and against is null and rank_scope is null
        and list_contains(['year', 'half', 'quarter', 'month', 'ytd', 'as_of'], period_type)
),

reported as (
    select
        city_code, indicator_id, item, period_end,
        string_agg(coalesce(rank_scope, '') || '第' || value::bigint::varchar, '；' order by rank_scope, value) as reported_ranks
    from city_facts
    where kind = 'rank'
    group by city_code, indicator_id, item, period_end
),

final as (
    select
        f.indicator_id,
        f.indicator,
        f.indicator_en,
        f.item,
        f.kind,
        f.period_type,
        f.period_start,
        f.period_end,
        rank() over same_fact_desc as place,
        count(*) over same_fact as cities_compared,
        f.city_code,
        f.city,
        f.province,
        f.value,
        f.unit,
        f.comparator,
        f.value - max(f.value) over same_fact as behind_first,
        r.reported_ranks,
        f.agreement,
        f.sources,
        f.plausible,
        f.outlet,
        f.metric_id
    from ranked_kinds as f
    left join reported as r
        on f.city_code = r.city_code and f.indicator_id = r.indicator_id and f.item is not distinct from r.item
        and f.period_end = r.period_end
    window
        same_fact as (partition by f.indicator_id, f.item, f.kind, f.unit, f.period_type, f.period_start, f.period_end),
        same_fact_desc as (
            partition by f.indicator_id, f.item, f.kind, f.unit, f.period_type, f.period_start, f.period_end
            order by f.value desc
        )
)

select * from final

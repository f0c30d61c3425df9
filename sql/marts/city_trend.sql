-- facts as series: the level and the growth that was reported beside it; one row per city, indicator, item, unit and period
-- Growth is what somebody reported. It is never computed from two levels: levels are revised and at current prices, growth is
-- on the revised base and mostly at constant prices. Years, quarters, months and year-to-date are series apart (`series`);
-- a period missing inside a yearly run of a series is a row with `is_gap`.
-- Written so that a filter by city or indicator reaches the rows before anything is made of them: joins and windows are by the
-- names too, what has no partner is found by an outer join, and lists are asked by list_contains (a long "in" becomes a join).
with levels as not materialized (
    select f.*, if(f.period_type = 'as_of', null, f.period_start) as opens
    from city_facts as f
    where list_contains(['level', 'count', 'ratio', 'index', 'share'], f.kind) and against is null and rank_scope is null
        and list_contains(['year', 'half', 'quarter', 'month', 'ytd', 'as_of'], f.period_type)
    qualify row_number() over (
        partition by f.city_code, f.city, f.indicator_id, f.indicator, f.item, f.unit, f.period_type, f.period_start, f.period_end
        order by list_position(['level', 'count', 'index', 'ratio', 'share'], f.kind)
    ) = 1
),

growths as not materialized (
    select f.*, if(f.period_type = 'as_of', null, f.period_start) as opens
    from city_facts as f
    where f.kind = 'growth_yoy' and unit = '%' and list_contains(['year', 'half', 'quarter', 'month', 'ytd', 'as_of'], f.period_type)
),

-- the growth of a year stands beside a level at its end too; said by another row, as a join by "or" compares all with all
offered as not materialized (
    select g.* from growths as g
    union all
    select g.* replace ('as_of' as period_type, null as opens) from growths as g
    where g.period_type = 'year'
),

stocks as not materialized (
    select l.*, 'year' as beside from levels as l
    where l.period_type = 'as_of'
),

matched as not materialized (
    select
        l.city_code, l.city, l.province_code, l.province, l.indicator_id, l.indicator, l.indicator_en, l.item, l.period_type,
        l.period_start, l.period_end, l.kind, l.value, l.unit, l.comparator,
        g.value as growth_yoy,
        g.comparator as growth_comparator,
        l.agreement and coalesce(g.agreement, true) as agreement,
        l.sources,
        g.sources as growth_sources,
        l.plausible and coalesce(g.plausible, true) as plausible,
        l.outlet,
        least(l.first_reported, g.first_reported) as first_reported,
        greatest(l.last_reported, g.last_reported) as last_reported,
        l.metric_id,
        g.metric_id as growth_metric_id
    from levels as l
    left join offered as g
        on l.city_code = g.city_code and l.city = g.city and l.indicator_id = g.indicator_id and l.indicator = g.indicator and l.item is not distinct from g.item
        and l.period_type = g.period_type and l.opens is not distinct from g.opens and l.period_end = g.period_end
    union all by name
    select
        g.city_code, g.city, g.province_code, g.province, g.indicator_id, g.indicator, g.indicator_en, g.item, g.period_type,
        g.period_start, g.period_end,
        g.value as growth_yoy,
        g.comparator as growth_comparator,
        g.agreement,
        g.sources as growth_sources,
        g.plausible,
        g.outlet,
        g.first_reported,
        g.last_reported,
        g.metric_id as growth_metric_id
    from growths as g
    left join levels as l
        on g.city_code = l.city_code and g.city = l.city and g.indicator_id = l.indicator_id and g.indicator = l.indicator and g.item is not distinct from l.item
        and g.period_type = l.period_type and g.opens is not distinct from l.opens and g.period_end = l.period_end
    left join stocks as s
        on g.city_code = s.city_code and g.city = s.city and g.indicator_id = s.indicator_id and g.indicator = s.indicator and g.item is not distinct from s.item
        and g.period_type = s.beside and g.period_end = s.period_end
    where l.metric_id is null and s.metric_id is null
),

series_named as not materialized (
    select
        case
            when period_type = 'as_of' and month(period_end) = 12 and day(period_end) = 31 then '年末'
            when period_type = 'as_of' then '时点'
            when period_type = 'year' then '年'
            when period_type = 'half' then if(month(period_end) > 6, '下半年', '上半年')
            when period_type = 'quarter' then quarter(period_end) || '季度'
            when period_type = 'month' then month(period_end) || '月'
            else '1-' || month(period_end) || '月'
        end as series,
        year(period_end) as year,
        *
    from matched
),

followed as not materialized (
    select
        n.*,
        lead(n.year) over (partition by n.city_code, n.city, n.indicator_id, n.indicator, n.item, n.series order by n.year) as next_year
    from series_named as n
),

final as (
    select
        f.city_code, f.city, f.province_code, f.province, f.indicator_id, f.indicator, f.indicator_en, f.item, f.period_type, f.series,
        f.year, f.period_start, f.period_end, f.kind, f.value, f.unit, f.comparator, f.growth_yoy, f.growth_comparator, f.agreement,
        f.sources, f.growth_sources, f.plausible, f.outlet, f.first_reported, f.last_reported, f.metric_id, f.growth_metric_id,
        false as is_gap
    from followed as f
    union all by name
    select
        f.city_code, f.city, f.province_code, f.province, f.indicator_id, f.indicator, f.indicator_en, f.item, f.period_type, f.series,
        unnest(range(f.year + 1, f.next_year)) as year, true as is_gap
    from followed as f
    where f.next_year > f.year + 1 and f.series <> '时点'
)

select * from final

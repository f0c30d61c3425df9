-- facts as series: the level and the growth that was reported beside it; one row per city, indicator, item, unit and period
-- Growth is what somebody reported. It is never computed from two levels: levels are revised and at current prices, growth is
-- on the revised base and mostly at constant prices. Years, quarters, months and year-to-date are series apart (`series`);
-- a period missing inside a yearly run of a series is a row with `is_gap`.
with levels as (
    select f.* from city_facts as f
    where f.kind in ('level', 'count', 'ratio', 'index', 'share') and against is null and rank_scope is null
        and period_type in ('year', 'half', 'quarter', 'month', 'ytd', 'as_of')
    qualify row_number() over (
        partition by city_code, indicator_id, item, unit, period_type, period_start, period_end
        order by list_position(['level', 'count', 'index', 'ratio', 'share'], f.kind)
    ) = 1
),

growths as (
    select f.* from city_facts as f
    where f.kind = 'growth_yoy' and unit = '%' and period_type in ('year', 'half', 'quarter', 'month', 'ytd', 'as_of')
),

joined as (
    select
        coalesce(l.city_code, g.city_code) as city_code,
        coalesce(l.city, g.city) as city,
        coalesce(l.province_code, g.province_code) as province_code,
        coalesce(l.province, g.province) as province,
        coalesce(l.indicator_id, g.indicator_id) as indicator_id,
        coalesce(l.indicator, g.indicator) as indicator,
        coalesce(l.indicator_en, g.indicator_en) as indicator_en,
        coalesce(l.item, g.item) as item,
        coalesce(l.period_type, g.period_type) as period_type,
        coalesce(l.period_start, g.period_start) as period_start,
        coalesce(l.period_end, g.period_end) as period_end,
        l.kind,
        l.value,
        l.unit,
        l.comparator,
        g.value as growth_yoy,
        g.comparator as growth_comparator,
        coalesce(l.agreement, true) and coalesce(g.agreement, true) as agreement,
        l.sources,
        g.sources as growth_sources,
        coalesce(l.plausible, true) and coalesce(g.plausible, true) as plausible,
        coalesce(l.outlet, g.outlet) as outlet,
        least(l.first_reported, g.first_reported) as first_reported,
        greatest(l.last_reported, g.last_reported) as last_reported,
        l.metric_id,
        g.metric_id as growth_metric_id
    from levels as l
    full outer join growths as g
        on l.city_code = g.city_code and l.indicator_id = g.indicator_id and l.item is not distinct from g.item
        and l.period_end = g.period_end
        and (
            (l.period_type = g.period_type and l.period_start is not distinct from g.period_start)
            or (l.period_type = 'as_of' and g.period_type = 'year')
        )
),

series_named as (
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
    from joined
),

runs_of_years as (
    select
        n.city_code, n.city, n.province_code, n.province, n.indicator_id, n.indicator, n.indicator_en, n.item, n.period_type, n.series,
        unnest(range(min(year)::bigint, max(year)::bigint + 1)) as year
    from series_named as n
    where n.series <> '时点'
    group by all
),

gaps as (
    select r.*
    from runs_of_years as r
    where not exists (
        select 1 from series_named as s
        where s.city_code = r.city_code and s.indicator_id = r.indicator_id and s.item is not distinct from r.item
            and s.series = r.series and s.year = r.year
    )
),

final as (
    select
        n.city_code, n.city, n.province_code, n.province, n.indicator_id, n.indicator, n.indicator_en, n.item, n.period_type, n.series,
        n.year, period_start, period_end, n.kind, value, unit, comparator, growth_yoy, growth_comparator, agreement, sources,
        growth_sources, plausible, outlet, first_reported, last_reported, metric_id, growth_metric_id, false as is_gap
    from series_named as n
    union all by name
    select *, true as is_gap
    from gaps
)

select * from final

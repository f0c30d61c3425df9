-- 常住人口与人均地区生产总值 | Residents and GDP per head
select p.city, year(p.period_end) as year, round(p.value / 1e4, 2) as "常住人口（万人）", g.value as "人均地区生产总值（元）"
from city_facts as p
left join city_facts as g
    on p.city_code = g.city_code and year(p.period_end) = year(g.period_end) and g.indicator_id = 'gdp_per_capita'
    and g.kind = 'level' and g.period_type = 'year' and g.unit = 'CNY/person' and g.item is null
where p.indicator_id = 'resident_population' and p.period_type = 'as_of' and month(p.period_end) = 12
    and p.kind in ('level', 'count') and p.item is null
order by p.city, year

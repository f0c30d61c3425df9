-- zh: 全年值小于同年累计值
-- en: a year's flow below the same year's year-to-date
-- severity: warning
-- scope: leaf
select y.fact_id, y.city, y.indicator_id, y.period_end, y.value as year_value, t.value as year_to_date, y.metric_id, t.metric_id as other_metric_id
from city_facts as y
inner join city_facts as t
    on y.city_code = t.city_code and y.indicator_id = t.indicator_id and y.item is not distinct from t.item
    and y.unit = t.unit and y.kind = t.kind and year(y.period_end) = year(t.period_end)
inner join indicators as i on y.indicator_id = i.indicator_id
where y.kind in ('level', 'count') and i.stock_flow = 'flow' and y.period_type = 'year' and t.period_type = 'ytd'
    and y.comparator = 'eq' and t.comparator = 'eq' and t.value > y.value * 1.02

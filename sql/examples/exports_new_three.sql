-- “新三样”出口额，各城市各期 | Exports of the "new three" (EVs, batteries, solar) by city
select city, period_text, period_start, period_end, round(value / 1e8, 2) as "亿元", comparator, outlet, metric_id
from city_facts
where indicator_id = 'exports_new_three' and kind = 'level'
order by value desc, city

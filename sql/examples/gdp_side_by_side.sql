-- 各城市历年地区生产总值与公布的增速 | GDP of all cities over the years, with the growth as reported
select city, year, round(value / 1e8, 2) as "亿元", growth_yoy as "增速%", agreement, is_gap
from city_trend
where indicator_id = 'gdp' and series = '年' and item is null
order by city, year

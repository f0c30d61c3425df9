-- 每年地区生产总值的前三名 | The three largest economies of each year, among the cities here
select year(period_end) as year, place, city, round(value / 1e8, 2) as "亿元", cities_compared, reported_ranks
from city_rank
where indicator_id = 'gdp' and kind = 'level' and period_type = 'year' and unit = 'CNY' and item is null and place <= 3
order by year desc, place, city

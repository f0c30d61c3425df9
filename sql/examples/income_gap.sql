-- 城乡居民收入比，各城市历年 | Urban to rural income, by city and year
select u.city, year(u.period_end) as year, u.value as urban, r.value as rural, round(u.value / r.value, 2) as times
from city_facts as u
inner join city_facts as r
    on u.city_code = r.city_code and u.period_type = r.period_type and u.period_end = r.period_end and u.kind = r.kind
where u.indicator_id = 'disposable_income_urban' and r.indicator_id = 'disposable_income_rural'
    and u.kind = 'level' and u.period_type = 'year' and r.value > 0 and u.item is null and r.item is null
order by times desc, u.city, year

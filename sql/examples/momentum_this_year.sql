-- 年内走势：规上工业增加值累计增速逐期变化 | Within the year: growth year-to-date from report to report
select city, year(period_end) as year, period_end, value as "累计增速%",
    round(value - lag(value) over (partition by city_code, year(period_end) order by period_end), 2) as change_pp
from city_facts
where indicator_id = 'industrial_va_above_scale' and kind = 'growth_yoy' and period_type in ('ytd', 'year') and item is null
order by city, period_end

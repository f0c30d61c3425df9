-- 各城市地区生产总值哪一年首次超过1000亿、6000亿元？ | In which year did each city's GDP first pass 100bn and 600bn yuan?
-- A bound counts where it suffices: 超6000亿 is a pass, 近6000亿 is none.
with marks as (
    select unnest([1000, 6000]) as mark
)

select f.city, k.mark as "亿元", min(year(f.period_end)) as first_year, arg_min(f.value_text, f.period_end) as stated, arg_min(f.metric_id, f.period_end) as metric_id
from city_facts as f
inner join marks as k on f.value >= k.mark * 1e8 and f.comparator in ('eq', 'gt', 'ge')
where f.indicator_id = 'gdp' and f.kind = 'level' and f.period_type = 'year' and f.unit = 'CNY' and f.item is null
group by f.city, k.mark
order by k.mark, first_year, f.city

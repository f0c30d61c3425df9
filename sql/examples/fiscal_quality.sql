-- 税收占一般公共预算收入的比重（财政收入质量） | Tax share of general public budget revenue
select b.city, b.period_end, b.period_type, round(b.value / 1e8, 2) as "收入亿元", round(t.value / 1e8, 2) as "税收亿元",
    round(t.value / b.value * 100, 1) as "税收占比%"
from city_facts as b
inner join city_facts as t
    on b.city_code = t.city_code and b.period_type = t.period_type and b.period_end = t.period_end and b.unit = t.unit and b.kind = t.kind
where b.indicator_id = 'public_budget_revenue' and t.indicator_id = 'tax_revenue' and b.kind = 'level' and b.value > 0
    and b.item is null and t.item is null and t.value <= b.value
order by b.city, b.period_end

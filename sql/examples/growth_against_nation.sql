-- 各城市增速高于或低于全国、全省多少个百分点，由此全国、全省增速是多少？ | Leads over nation and province, and the growth they imply for them
select d.city, d.indicator, d.period_end, r.value as city_growth, g.value as lead_pp, d.region, d.value as implied_growth, d.low, d.high
from derived_facts as d
inner join observations as r on d.metric_id_a = r.metric_id
inner join observations as g on d.metric_id_b = g.metric_id
where d.derivation = '增速−差距' and d.region_code like '%0000'
order by d.indicator, d.period_end, d.city

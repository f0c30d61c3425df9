-- 目标与实际：定了多少，完成多少？ | Targets against outcomes
select f.city, f.indicator, f.kind, year(t.period_end) as year, t.comparator as target_comparator, t.value as target, f.value as outcome, f.unit
from metrics as t
inner join city_facts as f
    on t.region_code = f.city_code and t.indicator_id = f.indicator_id and t.kind = f.kind and t.unit = f.unit
    and t.period_end = f.period_end and f.period_type = 'year'
where t.status = 'target' and t.subject_type = 'city' and t.region_level = 'city'
order by f.city, year, f.indicator, f.kind

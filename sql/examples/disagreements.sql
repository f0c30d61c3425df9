-- 哪些报道互相矛盾？ | Which reports contradict each other?
select city, indicator, kind, period_end, value_text, outlet, other_value_text, other_outlet, metric_id, other_metric_id
from conflicts
where reading = 'conflict'
order by city, indicator, period_end, other_metric_id

-- zh: 采用值超出指标的合理范围
-- en: a value in use outside the plausible range of its indicator
-- severity: warning
-- scope: leaf
select fact_id, city, indicator_id, kind, value, unit, period_end, metric_id
from city_facts
where not plausible

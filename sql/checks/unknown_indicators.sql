-- zh: 指标代码不在指标表
-- en: an indicator that is not among the indicators
-- severity: error
-- scope: part
select metric_id, indicator_id, indicator_text
from metrics
where indicator_id not in (select i.indicator_id from indicators as i)

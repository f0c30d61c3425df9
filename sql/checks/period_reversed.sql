-- zh: 时期末日早于首日
-- en: a period that ends before it starts
-- severity: error
-- scope: part
select metric_id, period_text, period_start, period_end
from metrics
where period_end < period_start

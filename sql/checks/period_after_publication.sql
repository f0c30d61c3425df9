-- zh: 实际值的时期晚于发布时间
-- en: an actual value of a period that begins after it was published
-- severity: warning
-- scope: part
select metric_id, period_text, period_start, published_at
from metrics
where status = 'actual' and coalesce(period_start, period_end) > published_at::date

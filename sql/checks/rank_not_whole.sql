-- zh: 位次不是正整数
-- en: a rank that is no positive whole number
-- severity: error
-- scope: part
select metric_id, value, value_text
from metrics
where kind = 'rank' and (value < 1 or value <> floor(value))

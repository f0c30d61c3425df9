-- zh: 数值为空、不是有限数，或区间上限低于下限
-- en: a value that is null or not finite, or a range upside down
-- severity: error
-- scope: part
select metric_id, value, value_high, value_text
from metrics
where value is null or not isfinite(value) or not isfinite(value_high) or value_high < value

-- zh: 同一数值标识出现两次
-- en: a metric_id that is there twice
-- severity: error
-- scope: part
select metric_id, count(*) as times
from metrics
group by metric_id
having count(*) > 1

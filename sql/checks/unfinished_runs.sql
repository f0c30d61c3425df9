-- zh: 运行中断未结束
-- en: a run that began and never ended
-- severity: warning
-- scope: all
select run_id, started_at, run_status
from runs
where ended_at is null and started_at < (select max(r.started_at) from runs as r)

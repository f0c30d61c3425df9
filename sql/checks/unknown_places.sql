-- zh: 地区代码不在地区表
-- en: a place code that is not among the places
-- severity: error
-- scope: part
select 'metrics' as table_name, metric_id as id, region_code as code
from metrics
where region_code not in (select p.code from places as p)
union all
select 'documents', document_id, city_code
from documents
where city_code not in (select p.code from places as p)

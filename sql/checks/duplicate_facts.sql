-- zh: 同一事实有两行采用值
-- en: a fact with two rows in city_facts
-- severity: error
-- scope: leaf
select fact_id, count(*) as times
from city_facts
group by fact_id
having count(*) > 1

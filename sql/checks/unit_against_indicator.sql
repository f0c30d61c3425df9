-- zh: 水平值的单位与指标不符
-- en: a level in a unit that is not the indicator's
-- severity: warning
-- scope: part
select m.metric_id, m.indicator_id, m.unit, i.base_unit, m.value_text
from metrics as m
inner join indicators as i on m.indicator_id = i.indicator_id
where m.kind = 'level' and i.dimension = 'currency'
    and split_part(m.unit, '/', 1) not in ('CNY', 'USD', 'HKD', 'EUR')

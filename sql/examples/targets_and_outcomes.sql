-- 目标与实际：定了多少，完成多少？ | Targets against outcomes
-- Several targets of one thing: the one that the newest page names first, a city's own budget (市本级) aside.
with targets as (
    select t.*
    from metrics as t
    inner join documents as d on t.document_id = d.document_id
    where t.status = 'target' and t.subject_type = 'city' and t.region_level = 'city' and not contains(t.evidence, '本级')
        and not contains(t.indicator_text, '市级')
    qualify row_number() over (
        partition by t.region_code, t.indicator_id, t.kind, t.unit, t.period_end
        order by t.confidence desc, d.published_at desc nulls last, t.char_start, t.metric_id
    ) = 1
)

select f.city, f.indicator, f.kind, year(t.period_end) as year, t.comparator as target_comparator, t.value as target, f.value as outcome, f.unit
from targets as t
inner join city_facts as f
    on t.region_code = f.city_code and t.indicator_id = f.indicator_id and t.kind = f.kind and t.unit = f.unit
    and t.period_end = f.period_end and f.period_type = 'year' and f.item is null
order by f.city, year, f.indicator, f.kind

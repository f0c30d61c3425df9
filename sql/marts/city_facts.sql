-- the value to use of every fact, with how far its sources agree; one row per city, indicator, item, kind, unit and period
-- The narrow rows are grouped and the words of the value in use are fetched afterwards, as sentences in a group would fill the memory.
with dated as (
    select
        s.*,
        choice_key(comparator, authority, published_at, char_start, confidence, metric_id) as choice,
        md5(concat_ws('|', city_code, s.indicator_id, coalesce(item, ''), s.kind, coalesce(unit, ''), coalesce(period_type, ''),
            coalesce(period_start::varchar, ''), period_end::varchar, coalesce(rank_scope, ''), coalesce(against, ''))) as fact_id
    from statements as s
    where s.indicator_id is not null and period_end is not null and city_code is not null
),

grouped as (
    select
        fact_id,
        arg_min(metric_id, choice) as metric_id,
        count(distinct story_id) as sources,
        count(*) as statements,
        min(published_at) as first_reported,
        max(published_at) as last_reported,
        min(value) as value_min,
        max(coalesce(value_high, value)) as value_max,
        max(lowest) <= min(highest) + 1e-9 * greatest(1, abs(min(highest))) as agreement
    from dated
    group by fact_id
),

final as (
    select
        d.fact_id,
        d.city_code,
        d.city,
        d.province_code,
        d.province,
        d.indicator_id,
        d.indicator,
        d.indicator_en,
        d.item,
        d.kind,
        d.value,
        d.value_high,
        d.unit,
        d.comparator,
        d.value_text,
        d.period_type,
        d.period_start,
        d.period_end,
        d.period_text,
        d.rank_scope,
        d.against,
        g.agreement,
        g.sources,
        g.statements,
        g.first_reported,
        g.last_reported,
        g.value_min,
        g.value_max,
        d.plausible,
        d.confidence,
        d.outlet,
        d.authority,
        d.published_at,
        d.title,
        d.evidence,
        d.metric_id,
        d.document_id
    from grouped as g
    inner join dated as d on g.fact_id = d.fact_id and g.metric_id = d.metric_id
)

select * from final

-- the value to use of every fact, with how far its sources agree; one row per city, indicator, item, kind, unit and period
with dated as (
    select *, choice_key(comparator, authority, published_at, char_start, confidence, metric_id) as choice
    from statements
    where indicator_id is not null and period_end is not null and city_code is not null
),

grouped as (
    select
        d.city_code, d.indicator_id, d.item, d.kind, d.unit, d.period_type, d.period_start, d.period_end, d.rank_scope, d.against,
        arg_min(
            {
                'city': city, 'province_code': province_code, 'province': province,
                'indicator': d.indicator, 'indicator_en': indicator_en, 'indicator_text': indicator_text,
                'value': value, 'value_high': value_high, 'value_text': value_text, 'comparator': comparator,
                'period_text': period_text, 'published_at': published_at, 'outlet': outlet, 'authority': authority,
                'plausible': plausible, 'confidence': confidence, 'evidence': evidence, 'title': title,
                'metric_id': metric_id, 'document_id': document_id
            },
            choice
        ) as used,
        count(distinct story_id) as sources,
        count(*) as statements,
        min(published_at) as first_reported,
        max(published_at) as last_reported,
        min(value) as value_min,
        max(coalesce(value_high, value)) as value_max,
        max(lowest) <= min(highest) + 1e-9 * greatest(1, abs(min(highest))) as agreement
    from dated as d
    group by d.city_code, d.indicator_id, d.item, d.kind, d.unit, d.period_type, d.period_start, d.period_end, d.rank_scope, d.against
),

final as (
    select
        md5(concat_ws('|', city_code, indicator_id, coalesce(item, ''), g.kind, coalesce(unit, ''), coalesce(period_type, ''),
            coalesce(period_start::varchar, ''), period_end::varchar, coalesce(rank_scope, ''), coalesce(against, ''))) as fact_id,
        city_code,
        used.city,
        used.province_code,
        used.province,
        indicator_id,
        used.indicator,
        used.indicator_en,
        item,
        g.kind,
        used.value,
        used.value_high,
        unit,
        used.comparator,
        used.value_text,
        period_type,
        period_start,
        period_end,
        used.period_text,
        rank_scope,
        against,
        agreement,
        sources,
        statements,
        first_reported,
        last_reported,
        value_min,
        value_max,
        used.plausible,
        used.confidence,
        used.outlet,
        used.authority,
        used.published_at,
        used.title,
        used.evidence,
        used.metric_id,
        used.document_id
    from grouped as g
)

select * from final

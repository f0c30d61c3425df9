-- the value to use of every fact, with how far its sources agree; one row per city, indicator, item, o.kind, unit and period
-- Each page counts with the value that would be used of it: parts that it names beside the whole are no disagreement between
-- sources. The narrow rows are grouped and the words of the value in use are fetched afterwards, as sentences in a group would
-- fill the memory.
with told as (
    select * from observations
    where fact_id is not null
),

repeated as (
    select fact_id from told
    group by fact_id
    having count(*) > 1
),

dated as (
    select
        t.*,
        choice_key(t.comparator, t.naming, t.authority, t.published_at, t.char_start, t.confidence, t.metric_id) as choice
    from told as t
    semi join repeated as r on t.fact_id = r.fact_id
),

pages as (
    select
        fact_id,
        document_id,
        any_value(story_id) as story_id,
        min(choice) as choice,
        arg_min(metric_id, choice) as metric_id,
        sum(prints) as prints,
        min(first_print) as first_print,
        max(last_print) as last_print,
        arg_min(value, choice) as value,
        arg_min(coalesce(value_high, value), choice) as value_high,
        arg_min(lowest, choice) as lowest,
        arg_min(highest, choice) as highest
    from dated
    group by fact_id, document_id
),

grouped as (
    select
        arg_min(metric_id, choice) as metric_id,
        count(distinct story_id) as sources,
        sum(prints)::bigint as statements,
        min(first_print) as first_reported,
        max(last_print) as last_reported,
        min(value) as value_min,
        max(value_high) as value_max,
        max(lowest) <= min(highest) + 1e-9 * greatest(1, abs(min(highest))) as agreement
    from pages
    group by fact_id
    union all by name
    -- most facts are told once
    select
        metric_id, 1 as sources, prints as statements, first_print as first_reported, last_print as last_reported,
        value as value_min, coalesce(value_high, value) as value_max, true as agreement
    from told as t
    anti join repeated as r on t.fact_id = r.fact_id
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
        d.indicator_text,
        d.evidence,
        d.metric_id,
        d.document_id
    from grouped as g
    inner join told as d on g.metric_id = d.metric_id
)

select * from final

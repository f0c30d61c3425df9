-- values nobody stated but that follow from two that one sentence states of one period; one row per derived value, with its operands
-- Always marked (`derivation`), never mixed with stated facts. `low` and `high` are what the rounding of the operands allows.
-- A lead over another indicator (高于规模以上工业12.9个百分点) tells that indicator's growth in the same city; what is neither a place
-- nor an indicator tells nothing that could be named.
with leads as (
    select g.*, regexp_replace(g.against, '(?:的?增速|平均|水平|增幅|同期|的)+$', '') as baseline_name
    from observations as g
    where g.kind = 'gap_pp' and g.against is not null and g.period_end is not null
),

baselines as (
    select l.*, n.indicator_id as other_id, p.code as other_code, p.name as other_place
    from leads as l
    left join indicator_names as n on l.baseline_name = n.name
    left join places as p on l.baseline_name in (p.name, p.short) and p.level in ('province', 'city')
    qualify row_number() over (partition by l.city_code, l.city, l.indicator_id, l.indicator, l.metric_id order by n.indicator_id, p.code) = 1
),

gaps as (
    -- 增速 − 高出的百分点 = the baseline's 增速
    select
        '增速−差距' as derivation,
        case g.against
            when '全国' then '100000'
            when '全省' then g.province_code
            else coalesce(g.other_code, if(g.other_id is null, null, g.city_code))
        end as region_code,
        case g.against
            when '全国' then '全国'
            when '全省' then g.province
            else coalesce(g.other_place, if(g.other_id is null, null, g.city))
        end as region,
        coalesce(i.indicator_id, g.indicator_id) as indicator_id,
        coalesce(i.name_zh, g.indicator) as indicator,
        if(i.indicator_id is null, g.item, null) as item,
        'growth_yoy' as kind,
        round(r.value - g.value, 6) as value,
        r.lowest - g.highest as low,
        r.highest - g.lowest as high,
        '%' as unit,
        g.period_type, g.period_start, g.period_end, g.city_code, g.city,
        g.published_at, g.document_id, r.metric_id as metric_id_a, g.metric_id as metric_id_b, g.evidence
    from baselines as g
    inner join observations as r
        on g.document_id = r.document_id and g.evidence = r.evidence and g.city_code = r.city_code and g.city = r.city
        and g.indicator_id = r.indicator_id and g.indicator = r.indicator and g.item is not distinct from r.item
        and g.period_type is not distinct from r.period_type and g.period_end = r.period_end
    left join indicators as i on g.other_id = i.indicator_id and g.against not in ('全国', '全省')
    where r.kind = 'growth_yoy' and r.unit = '%' and r.char_start < g.char_start
        and (g.against in ('全国', '全省') or g.other_code is not null or g.other_id is not null)
    qualify row_number() over (
        partition by g.city_code, g.city, g.indicator_id, g.indicator, g.metric_id order by r.char_start desc
    ) = 1
),

wholes as (
    -- 水平 ÷ 占全省（全国）比重 = the province's (nation's) level
    select
        '水平÷占比',
        case s.against when '全国' then '100000' else s.province_code end,
        case s.against when '全国' then '全国' else s.province end,
        l.indicator_id, l.indicator, l.item, 'level',
        l.value / s.value * 100,
        l.lowest / nullif(s.highest, 0) * 100,
        l.highest / nullif(s.lowest, 0) * 100,
        l.unit, l.period_type, l.period_start, l.period_end, s.city_code, s.city,
        l.published_at, l.document_id, l.metric_id, s.metric_id, l.evidence
    from observations as s
    inner join observations as l
        on s.document_id = l.document_id and s.evidence = l.evidence and s.city_code = l.city_code and s.city = l.city
        and s.indicator_id = l.indicator_id and s.indicator = l.indicator and s.item is not distinct from l.item
        and s.period_end = l.period_end
    where s.kind = 'share' and s.unit = '%' and s.value > 0 and s.against in ('全国', '全省')
        and l.kind in ('level', 'count') and l.char_start < s.char_start
    qualify row_number() over (
        partition by s.city_code, s.city, s.indicator_id, s.indicator, s.metric_id order by l.char_start desc
    ) = 1
),

parts as (
    -- 总量 × 占比 = the part's level, where the indicator is a part of the other by its definition
    select
        '总量×占比',
        s.city_code, s.city, s.indicator_id, s.indicator, s.item, 'level',
        t.value * s.value / 100,
        t.lowest * s.lowest / 100,
        t.highest * s.highest / 100,
        t.unit, t.period_type, t.period_start, t.period_end, s.city_code, s.city,
        t.published_at, t.document_id, t.metric_id, s.metric_id, t.evidence
    from observations as s
    inner join indicators as i on s.indicator_id = i.indicator_id
    inner join observations as t
        on s.document_id = t.document_id and s.evidence = t.evidence and s.city_code = t.city_code and s.city = t.city
        and i.parent = t.indicator_id and s.item is not distinct from t.item and s.period_end = t.period_end
    where s.kind = 'share' and s.unit = '%' and s.against is null and t.kind = 'level' and t.char_start < s.char_start
    qualify row_number() over (
        partition by s.city_code, s.city, s.indicator_id, s.indicator, s.metric_id order by t.char_start desc
    ) = 1
),

earlier as (
    -- 水平 − 增量 = the level a year before, as the source then saw it
    select
        '水平−增量',
        c.city_code, c.city, c.indicator_id, c.indicator, c.item, l.kind,
        l.value - c.value,
        l.lowest - c.highest,
        l.highest - c.lowest,
        l.unit, l.period_type, (l.period_start - interval 1 year)::date, (l.period_end - interval 1 year)::date,
        c.city_code, c.city, l.published_at, l.document_id, l.metric_id, c.metric_id, l.evidence
    from observations as c
    inner join observations as l
        on c.document_id = l.document_id and c.evidence = l.evidence and c.city_code = l.city_code and c.city = l.city
        and c.indicator_id = l.indicator_id and c.indicator = l.indicator and c.item is not distinct from l.item
        and c.unit = l.unit and c.period_end = l.period_end
    where c.kind = 'change' and l.kind in ('level', 'count') and l.char_start < c.char_start
        and (c.baseline is null or regexp_matches(c.baseline, '上年|去年|同期'))
        and l.period_type in ('year', 'half', 'quarter', 'month', 'ytd', 'as_of')
    qualify row_number() over (
        partition by c.city_code, c.city, c.indicator_id, c.indicator, c.metric_id order by l.char_start desc
    ) = 1
),

final as (
    select md5(concat_ws('|', derivation, metric_id_a, metric_id_b)) as derived_id, *, true as is_derived
    from (
        select * from gaps
        union all
        select * from wholes
        union all
        select * from parts
        union all
        select * from earlier
    )
)

select * from final

-- every actual, city-level value as stated, with the city, the indicator and the outlet beside it; one row per stated value
-- Municipalities (北京 天津 上海 重庆) stand among the cities they are compared with. A period is named by its dates: 1—12月 is the
-- year, 上半年 and 1—6月 are one period; a stock (常住人口) of a year is its state at the year's end.
with city_values as (
    select *, written_number(value_text) as written
    from metrics
    where status = 'actual'
        and (
            (region_level = 'city' and subject_type = 'city')
            or (region_code in ('110000', '120000', '310000', '500000') and subject_type in ('city', 'province'))
        )
),

measured as (
    select v.*, half_step(v.value, v.written, v.kind) as step
    from city_values as v
),

indicators_named as (
    select i.*, concat('|', concat_ws('|', i.indicator_id, i.name_zh, i.name_en, i.aliases_zh), '|') as names
    from indicators as i
),

named as (
    select
        m.metric_id,
        m.document_id,
        m.story_id,
        m.published_at,
        m.region_code as city_code,
        c.name as city,
        left(m.region_code, 2) || '0000' as province_code,
        p.name as province,
        m.indicator_id,
        i.name_zh as indicator,
        i.name_en as indicator_en,
        -- a contribution bears the id of the whole, so only the words say whose it is
        nullif(
            concat_ws(
                '·',
                part_of(m.subject, m.indicator_text, coalesce(i.name_zh, ''), i.sector, m.evidence, m.value_text),
                case when coalesce(i.needs_item, true) or m.kind = 'contribution' then m.indicator_text end
            ),
            ''
        ) as item,
        m.indicator_text,
        naming_of(i.name_zh, i.names, m.indicator_text) as naming,
        m.kind,
        m.value,
        m.value_high,
        m.unit,
        m.value_text,
        m.comparator,
        m.period_text,
        case
            when i.stock_flow = 'stock' and m.period_type = 'year' and m.kind in ('level', 'count') then null
            else m.period_start
        end as period_start,
        m.period_end,
        case
            when i.stock_flow = 'stock' and m.period_type = 'year' and m.kind in ('level', 'count') then 'as_of'
            when m.period_type not in ('year', 'half', 'quarter', 'month', 'ytd') or m.period_start is null
                or m.period_end is null or year(m.period_start) <> year(m.period_end) then m.period_type
            when month(m.period_start) = 1 and day(m.period_start) = 1 and month(m.period_end) = 12
                and day(m.period_end) = 31 then 'year'
            when day(m.period_start) = 1 and m.period_end = last_day(m.period_start) then 'month'
            when month(m.period_start) = 1 and day(m.period_start) = 1 and m.period_end = last_day(m.period_end) then 'ytd'
            else m.period_type
        end as period_type,
        m.rank_scope,
        m.baseline,
        case
            when m.kind in ('gap_pp', 'share') and regexp_matches(m.baseline, '全国|我国') then '全国'
            when m.kind in ('gap_pp', 'share') and regexp_matches(m.baseline, '全省|全区|我省|我区|全自治区') then '全省'
            when m.kind = 'share' and m.baseline is null
                and regexp_matches(m.evidence, '占(?:全国|我国)[^，,。；;]*' || regexp_escape(m.value_text)) then '全国'
            when m.kind = 'share' and m.baseline is null
                and regexp_matches(m.evidence, '占(?:全省|我省|全区|全自治区)[^，,。；;]*' || regexp_escape(m.value_text)) then '全省'
            when m.kind in ('gap_pp', 'share', 'growth', 'change', 'contribution') then m.baseline
        end as against,
        m.evidence,
        m.char_start,
        m.char_end,
        m.rule_id,
        m.confidence,
        d.title,
        d.outlet,
        d.url,
        d.source_uri,
        authority(d.outlet, d.title) as authority,
        lowest(m.value, m.value_high, m.step, m.comparator) as lowest,
        highest(m.value, m.value_high, m.step, m.comparator) as highest,
        case
            -- the range is that of a year, or a point in time, of the whole: a part may be smaller, several years more
            when m.period_type in ('since', 'range', 'recurrent') then true
            when m.kind in ('level', 'count')
                then m.value between if(m.period_type in ('year', 'as_of') and item is null, coalesce(i.plausible_min, m.value), m.value)
                    and coalesce(i.plausible_max, m.value)
            when m.kind = 'growth_yoy' then m.value between coalesce(i.growth_min, m.value) and coalesce(i.growth_max, m.value)
        end as plausible
    from measured as m
    inner join documents as d on m.document_id = d.document_id
    left join indicators_named as i on m.indicator_id = i.indicator_id
    left join places as c on m.region_code = c.code
    left join places as p on left(m.region_code, 2) || '0000' = p.code
),

final as (
    select * replace (coalesce(plausible, true) as plausible)
    from named
)

select * from final

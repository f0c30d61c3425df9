-- trend, compare, vintages, derived and evidence: what an analyst calls
-- facts_for and trend_for are city_facts and city_trend over a few cities and indicators only: the choice of rows stands where the
-- facts are read, before series are made of them. Their parameters begin with p_, because a macro's parameter hides a column of
-- the same name.
create or replace macro indicator_ids(p_name) as (
    select list(distinct n.indicator_id order by n.indicator_id) from indicator_names as n where lower(n.name) = lower(trim(p_name))
);

create or replace macro nearest_indicators(p_name) as (
    select string_agg(s.name || '（' || s.indicator_id || '）', '、' order by s.likeness desc, s.name)
    from (
        select n.indicator_id, arg_max(n.name, jaro_winkler_similarity(lower(n.name), lower(p_name))) as name,
            max(jaro_winkler_similarity(lower(n.name), lower(p_name))) as likeness
        from indicator_names as n
        group by n.indicator_id
        order by likeness desc, n.indicator_id
        limit 5
    ) as s
);

create or replace macro city_codes(p_names) as (
    select coalesce(list(distinct n.code order by n.code) filter (where p_names is null or list_contains(p_names, n.name)), [])
    from city_names as n
);

create or replace macro nearest_cities(p_name) as (
    select string_agg(s.name || '（' || s.code || '）', '、' order by s.likeness desc, s.name)
    from (
        select n.code, arg_max(n.name, jaro_winkler_similarity(n.name, p_name)) as name,
            max(jaro_winkler_similarity(n.name, p_name)) as likeness
        from city_names as n
        group by n.code
        order by likeness desc, n.code
        limit 5
    ) as s
);

create or replace macro unknown_names(p_indicator, p_cities) as table
    select '没有指标“' || p_indicator || '”，最接近的：' || nearest_indicators(p_indicator) as note
    where indicator_ids(p_indicator) is null
    union all
    select '没有城市“' || c.name || '”，最接近的：' || nearest_cities(c.name)
    from (select unnest(p_cities::varchar[]) as name) as c
    where c.name not in (select n.name from city_names as n);

create or replace macro facts_for(p_cities, p_indicators) as table
    select f.*
    from main.city_facts as f
    where f.city_code in (select unnest(p_cities)) and f.indicator_id in (select unnest(p_indicators));

create or replace macro trend_for(p_cities, p_indicators, p_year) as table
    with city_facts as (
        select f.*
        from main.city_facts as f
        where f.city_code in (select unnest(p_cities)) and f.indicator_id in (select unnest(p_indicators))
            and (p_year is null or f.period_end between make_date(p_year, 1, 1) and make_date(p_year, 12, 31))
    ),

    trend as (
        {{city_trend}}
    )

    select * from trend;

create or replace macro trend(indicator, cities := null, kind := null) as table
    with rows_found as (
        select
            t.city, t.indicator, t.item, t.series, t.year, t.period_type, t.period_start, t.period_end, t.kind, t.value, t.unit,
            t.comparator, t.growth_yoy, t.agreement, coalesce(t.sources, t.growth_sources) as sources, t.outlet,
            coalesce(t.metric_id, t.growth_metric_id) as metric_id, t.city_code, t.indicator_id, t.is_gap, null::varchar as note
        from trend_for(city_codes(cities::varchar[]), indicator_ids(indicator), null::bigint) as t
        where kind is null
        union all
        select
            f.city, f.indicator, f.item, null, year(f.period_end), f.period_type, f.period_start, f.period_end, f.kind, f.value,
            f.unit, f.comparator, null, f.agreement, f.sources, f.outlet, f.metric_id, f.city_code, f.indicator_id, false,
            concat_ws('，', f.rank_scope, f.against)
        from facts_for(city_codes(cities::varchar[]), indicator_ids(indicator)) as f
        where f.kind = kind
    ),

    answered as (
        select * from rows_found
        union all by name
        select u.note from unknown_names(indicator, cities) as u
        union all by name
        select '仓库里没有这些城市的“' || indicator || '”' as note
        where not exists (select 1 from rows_found) and not exists (select 1 from unknown_names(indicator, cities))
    )

    select a.* from answered as a order by (a.city_code is not null), a.indicator_id, a.item nulls first, a.period_type, a.series, a.city_code, a.period_end, a.year;

-- fact_vintages and derived_facts are made when they are asked for; these read the values of a few cities first, and once
create or replace macro vintages(indicator, cities := null) as table
    with metrics as (
        select m.*
        from main.metrics as m
        where m.region_code in (select unnest(city_codes(cities::varchar[]))) and m.indicator_id in (select unnest(indicator_ids(indicator)))
    ),

    statements as materialized (
        {{statements}}
    ),

    observations as (
        {{observations}}
    ),

    vintages_found as (
        {{fact_vintages}}
    ),

    answered as (
        select v.*, null::varchar as note from vintages_found as v
        union all by name
        select u.note from unknown_names(indicator, cities) as u
    )

    select a.* from answered as a order by (a.city_code is not null), a.city_code, a.indicator_id, a.item nulls first, a.kind, a.period_end, a.fact_id, a.choice_rank;

create or replace macro derived(cities) as table
    with metrics as (
        select m.*
        from main.metrics as m
        where m.region_code in (select unnest(city_codes(cities::varchar[])))
    ),

    statements as materialized (
        {{statements}}
    ),

    observations as materialized (
        {{observations}}
    ),

    derived_found as (
        {{derived_facts}}
    )

    select d.* from derived_found as d order by d.city_code, d.indicator_id, d.period_end, d.derived_id;

create or replace macro period_series(p_period) as
    case
        when regexp_matches(p_period, '^[0-9]{4}年?(?:度|全年)?$') then ['年', '年末']
        when regexp_matches(p_period, '年?末$|年底$') then ['年末']
        when regexp_matches(p_period, '上半年|[Hh]1$') then ['1-6月']
        when regexp_matches(p_period, '下半年|[Hh]2$') then ['下半年']
        when regexp_matches(p_period, '前三季度') then ['1-9月']
        when regexp_matches(p_period, '[一1]季度|[Qq]1$') then ['1-3月']
        when regexp_matches(p_period, '[二2]季度|[Qq]2$') then ['2季度']
        when regexp_matches(p_period, '[三3]季度|[Qq]3$') then ['3季度']
        when regexp_matches(p_period, '[四4]季度|[Qq]4$') then ['4季度']
        when regexp_matches(p_period, '1(?:-|—|至|~|－|–)(?:12|1[01]|[2-9])月')
            then ['1-' || regexp_extract(p_period, '1(?:-|—|至|~|－|–)(1[0-2]|[2-9])月', 1) || '月']
        when regexp_matches(p_period, '(?:年|-)0?([1-9]|1[0-2])月?$')
            then [regexp_extract(p_period, '(?:年|-)0?([1-9]|1[0-2])月?$', 1) || '月']
    end;

create or replace macro compare(indicator, period) as table
    with series_found as (
        select t.*
        from trend_for(
            city_codes(null::varchar[]), indicator_ids(indicator), try_cast(regexp_extract(period::varchar, '([0-9]{4})', 1) as bigint)
        ) as t
        where not t.is_gap
            and t.year = try_cast(regexp_extract(period::varchar, '([0-9]{4})', 1) as bigint)
            and list_contains(period_series(trim(period::varchar)), t.series)
    ),

    placed as (
        select
            rank() over (partition by s.indicator_id, s.item, s.unit, s.series order by s.value desc nulls last) as place,
            s.city, s.province, s.indicator, s.item, s.series, s.year, s.value, s.unit, s.comparator,
            if(s.growth_yoy is null, null,
                rank() over (partition by s.indicator_id, s.item, s.series order by s.growth_yoy desc nulls last)) as growth_place,
            s.growth_yoy, s.agreement, coalesce(s.sources, s.growth_sources) as sources, s.outlet,
            coalesce(s.metric_id, s.growth_metric_id) as metric_id, s.city_code, s.indicator_id, null::varchar as note
        from series_found as s
    ),

    answered as (
        select p.* replace (if(p.value is null, null, p.place) as place) from placed as p
        union all by name
        select u.note from unknown_names(indicator, null::varchar[]) as u
        union all by name
        select '看不懂时间“' || period || '”，可写：2024、2024年、2024年上半年、2024年前三季度、2024年1-10月、2024年10月、2024Q4、2024年末' as note
        where period_series(trim(period::varchar)) is null
        union all by name
        select '仓库里没有“' || indicator || '”在“' || period || '”的数据' as note
        where not exists (select 1 from placed) and indicator_ids(indicator) is not null
            and period_series(trim(period::varchar)) is not null
    )

    select a.* from answered as a order by (a.city_code is not null), a.indicator_id, a.item nulls first, a.series, a.place nulls last, a.growth_place nulls last, a.city_code;

create or replace macro evidence(metric_id) as table
    select
        m.value_text, m.evidence, m.indicator_text, m.indicator_id, m.kind, m.status, m.value, m.value_high, m.unit, m.comparator,
        m.subject, m.subject_type, m.region, m.period_text, m.period_start, m.period_end, m.rank_scope, m.baseline,
        d.title, d.outlet, d.published_at, d.url, d.source_uri, m.document_id, m.char_start, m.char_end,
        substr(d.body, greatest(1, m.char_start - 79)::bigint, (m.char_end - m.char_start + 160)::bigint) as context,
        m.rule_id, m.confidence, m.parser_version
    from metrics as m
    inner join documents as d on m.document_id = d.document_id
    where m.metric_id = metric_id;

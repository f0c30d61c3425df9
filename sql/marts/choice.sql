-- choice of the value to use, and how far a written number reaches; the one place where sources are weighed against each other
-- An exact value comes before a bound (超, 近, 约: a bound is no value). Then the statistics bureau and its bulletins come
-- before government, government before newspapers, newspapers before all others; then the later report before the earlier;
-- then what a page says first (the whole before its parts), then the surer reading; the last word makes the choice repeatable.
create or replace macro authority(outlet, title) as
    case
        when regexp_matches(coalesce(outlet, ''), '统计局|统计公报|统计信息网|调查队')
            or regexp_matches(coalesce(title, ''), '国民经济和社会发展统计公报|统计公报$') then 1
        when regexp_matches(coalesce(outlet, ''), '人民政府|政府网|政府办|政府信息|新闻办|新闻发布|发改委|发展改革|发展和改革|财政局|财政厅|商务局|商务厅|工信局|工业和信息化|农业农村局|人社局|文旅局|海关|人大|[市省县区州]委|[局厅委]$')
            or regexp_matches(coalesce(title, ''), '政府工作报告|预算执行情况|计划执行情况') then 2
        when regexp_matches(coalesce(outlet, ''), '报$|日报|晚报|早报|晨报|都市报|时报|商报|新华|人民网|中新|新闻|电视|广播|融媒|传媒|客户端') then 3
        else 4
    end;

create or replace macro choice_key(comparator, authority, published_at, char_start, confidence, metric_id) as
    concat(
        case when coalesce(comparator, 'eq') = 'eq' then '0' else '1' end,
        authority::varchar,
        lpad((99999999999 - coalesce(epoch(published_at), 0)::bigint)::varchar, 12, '0'),
        lpad(coalesce(char_start, 0)::bigint::varchar, 9, '0'),
        lpad((1000 - round(coalesce(confidence, 0) * 1000))::bigint::varchar, 4, '0'),
        metric_id
    );

-- the number as written, without grouping commas: 6,261.3亿元 gives 6261.3
create or replace macro written_number(value_text) as
    regexp_extract(translate(value_text, '０１２３４５６７８９．，,', '0123456789.'), '[0-9]+(?:\.[0-9]+)?');

-- half a unit of the last digit written, in the unit of the value: 6261亿元 reaches 0.5亿 either way
create or replace macro half_step(value, value_text, kind) as
    case
        when kind in ('rank', 'streak', 'duration') then 0
        when coalesce(try_cast(written_number(value_text) as double), 0) = 0 then abs(value) * 0.005
        else 0.5 * abs(value) / written_number(value_text)::double
            * power(10, -length(regexp_extract(written_number(value_text), '\.([0-9]+)', 1)))
    end;

-- the least and the greatest value the words allow; infinite where they only set a bound
create or replace macro lowest(value, value_high, value_text, comparator, kind) as
    case
        when value_high is not null then least(value, value_high)
        when comparator in ('lt', 'le') then '-infinity'::double
        when comparator in ('gt', 'ge') then value - half_step(value, value_text, kind)
        when comparator = 'approx' then value - greatest(abs(value) * 0.05, half_step(value, value_text, kind))
        else value - half_step(value, value_text, kind)
    end;
create or replace macro highest(value, value_high, value_text, comparator, kind) as
    case
        when value_high is not null then greatest(value, value_high)
        when comparator in ('gt', 'ge') then 'infinity'::double
        when comparator in ('lt', 'le') then value + half_step(value, value_text, kind)
        when comparator = 'approx' then value + greatest(abs(value) * 0.05, half_step(value, value_text, kind))
        else value + half_step(value, value_text, kind)
    end;

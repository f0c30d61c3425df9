-- choice of the value to use, what makes two values one fact, and how far a written number reaches; the one place where
-- sources are weighed against each other
-- An exact value comes before a bound (超, 近, 约: a bound is no value), and what bears the indicator's own name before other names and words.
-- Then the statistics bureau and its bulletins come before government, government before newspapers, newspapers before all
-- others; then the later report before the earlier; then the surer reading, then what a page says first (the whole before its
-- parts); the last word makes the choice repeatable. A story counts once: as its print of the highest authority, the earliest of these.
-- plain containment, not patterns: it is asked of every statement
create or replace macro authority(outlet, title) as
    case
        when contains(title, '国民经济和社会发展统计公报') or suffix(title, '统计公报')
            or contains(outlet, '统计局') or contains(outlet, '统计公报') or contains(outlet, '统计信息网')
                or contains(outlet, '调查队') then 1
        when contains(title, '政府工作报告') or contains(title, '预算执行情况') or contains(title, '计划执行情况')
            or contains(outlet, '人民政府') or contains(outlet, '政府网') or contains(outlet, '政府办') or contains(outlet, '政府信息')
                or contains(outlet, '新闻办') or contains(outlet, '新闻发布') or contains(outlet, '发改委')
                or contains(outlet, '发展改革') or contains(outlet, '发展和改革') or contains(outlet, '财政局')
                or contains(outlet, '财政厅') or contains(outlet, '商务局') or contains(outlet, '商务厅')
                or contains(outlet, '工信局') or contains(outlet, '工业和信息化') or contains(outlet, '农业农村局')
                or contains(outlet, '人社局') or contains(outlet, '文旅局') or contains(outlet, '海关')
                or contains(outlet, '人大') or contains(outlet, '市委') or contains(outlet, '省委')
                or contains(outlet, '县委') or contains(outlet, '区委') or contains(outlet, '州委')
            or suffix(outlet, '局') or suffix(outlet, '厅') or suffix(outlet, '委') then 2
        when suffix(outlet, '报') or contains(outlet, '日报') or contains(outlet, '晚报') or contains(outlet, '早报') or contains(outlet, '晨报')
                or contains(outlet, '都市报') or contains(outlet, '时报') or contains(outlet, '商报')
                or contains(outlet, '新华') or contains(outlet, '人民网') or contains(outlet, '中新')
                or contains(outlet, '新闻') or contains(outlet, '电视') or contains(outlet, '广播')
                or contains(outlet, '融媒') or contains(outlet, '传媒') or contains(outlet, '客户端') then 3
        else 4
    end;

create or replace macro choice_key(comparator, naming, authority, published_at, char_start, confidence, metric_id) as
    concat(
        case when coalesce(comparator, 'eq') = 'eq' then '0' else '1' end,
        coalesce(naming, 3)::varchar,
        authority::varchar,
        lpad((99999999999 - coalesce(epoch(published_at), 0)::bigint)::varchar, 12, '0'),
        lpad((1000 - round(coalesce(confidence, 0) * 1000))::bigint::varchar, 4, '0'),
        lpad(coalesce(char_start, 0)::bigint::varchar, 9, '0'),
        metric_id
    );

create or replace macro fact_key(
    city_code, indicator_id, item, kind, unit, period_type, period_start, period_end, rank_scope, against
) as
    md5(concat_ws('|', city_code, indicator_id, coalesce(item, ''), kind, coalesce(unit, ''), coalesce(period_type, ''),
        coalesce(period_start::varchar, ''), coalesce(period_end::varchar, ''), coalesce(rank_scope, ''), coalesce(against, '')));

-- how near the words are to the indicator: 1 its name, 2 another of its names, 3 other words (a part of it or a cousin);
-- `names` holds all its names between bars
create or replace macro naming_of(name, names, words) as
    case
        when words = name then 1
        when contains(names, concat('|', words, '|')) then 2
        when regexp_matches(words, '^(?:全市|全州|全区|全年|年末|我市|市级|市本级|市直|实现|完成|地方|其中|全部|金融机构(?:各项)?)')
            then case
                when regexp_replace(words, '^(?:全市|全州|全区|全年|年末|我市|市级|市本级|市直|实现|完成|地方|其中|全部|金融机构(?:各项)?)+', '') = name then 1
                when contains(names, concat('|', regexp_replace(words, '^(?:全市|全州|全区|全年|年末|我市|市级|市本级|市直|实现|完成|地方|其中|全部|金融机构(?:各项)?)+', ''), '|')) then 2
                else 3
            end
        else 3
    end;

-- the part of the city's figure that the words narrow it to, where it is a part: the city government's own budget (市本级) is not
-- the city's (全市), and 本外币 deposits, urban residents, one insurance of two are not what the indicator's name says
create or replace macro part_of(subject, words, name, sector, evidence, value_text) as
    case
        when regexp_matches(subject, '(?:本级|市级|州级|盟级|市直|州直)$') then '本级'
        when contains(evidence, '本级')
            and regexp_extract(
                left(evidence, greatest(strpos(evidence, value_text) - 1, 0)), '.*(全市|全州|全区|全盟|全地区|全县|本级)', 1
            ) = '本级' then '本级'
        when sector = '财政' and regexp_matches(words, '^(?:已?安排)?(?:市|州|盟|地区)(?:本级|级|直)') then '本级'
        when words <> name and regexp_matches(
            words, '本外币|外币|邮电|机动车|私人|城镇居民|农村居民|农村|中心城区|县市?区|猪肉|国内旅游|职工|机关事业单位|能繁母猪|城乡居民(?:基本|社会|养老|医疗|医保)|城市(?:居民)?(?:低保|最低)'
        ) and not contains(name, regexp_extract(words, '本外币|外币|邮电|机动车|私人|城镇居民|农村居民|农村|中心城区|县市?区|猪肉|国内旅游|职工|机关事业单位|能繁母猪|城乡居民|城市'))
            then regexp_extract(words, '本外币|外币|邮电|机动车|私人|城镇居民|农村居民|农村|中心城区|县市?区|猪肉|国内旅游|职工|机关事业单位|能繁母猪|城乡居民|城市')
    end;

-- the number as written, without grouping commas: 6,261.3亿元 gives 6261.3
create or replace macro written_number(value_text) as
    regexp_extract(
        replace(
            case
                when regexp_matches(value_text, '[０-９．，]') then translate(value_text, '０１２３４５６７８９．，', '0123456789.,')
                else value_text
            end,
            ',', ''
        ),
        '[0-9]+(?:\.[0-9]+)?'
    );

-- half a unit of the last digit written, in the unit of the value: 6261亿元 reaches 0.5亿 either way
create or replace macro half_step(value, written, kind) as
    case
        when kind in ('rank', 'streak', 'duration') then 0
        when coalesce(try_cast(written as double), 0) = 0 then abs(value) * 0.005
        else 0.5 * abs(value) / try_cast(written as double)
            * power(10, if(contains(written, '.'), strpos(written, '.') - length(written), 0))
    end;

-- the least and the greatest value the words allow; infinite where they only set a bound
create or replace macro lowest(value, value_high, step, comparator) as
    case
        when value_high is not null then least(value, value_high)
        when comparator in ('lt', 'le') then '-infinity'::double
        when comparator = 'approx' then value - greatest(abs(value) * 0.05, step)
        else value - step
    end;
create or replace macro highest(value, value_high, step, comparator) as
    case
        when value_high is not null then greatest(value, value_high)
        when comparator in ('gt', 'ge') then 'infinity'::double
        when comparator = 'approx' then value + greatest(abs(value) * 0.05, step)
        else value + step
    end;

-- every name a city goes by: code, full and short name, former names; one row per city and name
with cities as (
    select * from places
    where level = 'city' or code in ('110000', '120000', '310000', '500000')
),

named as (
    select code, code as name from cities
    union all
    select code, name from cities
    union all
    select code, short from cities
    union all
    select code, unnest(string_split(former, '|')) from cities
),

final as (
    select code, trim(name) as name
    from named
    where coalesce(trim(name), '') <> ''
    group by all
)

select * from final

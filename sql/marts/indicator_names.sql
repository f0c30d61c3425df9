-- every name an indicator goes by: id, Chinese, English, aliases; one row per indicator and name
with named as (
    select indicator_id, indicator_id as name from indicators
    union all
    select indicator_id, name_zh from indicators
    union all
    select indicator_id, name_en from indicators
    union all
    select indicator_id, unnest(string_split(aliases_zh, '|')) from indicators
),

final as (
    select indicator_id, trim(name) as name
    from named
    where coalesce(trim(name), '') <> ''
    group by all
)

select * from final

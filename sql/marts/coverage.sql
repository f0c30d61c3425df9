-- what there is of each city, year by year; one row per city and year of the facts
with facts as (
    select
        city_code, any_value(city) as city, any_value(province) as province, year(period_end) as year,
        count(*) as facts,
        count(distinct indicator_id) as indicators,
        count(*) filter (where period_type in ('year', 'as_of')) as yearly_facts,
        count(*) filter (where not agreement) as disputed_facts,
        count(*) filter (where sources > 1) as confirmed_facts,
        count(distinct document_id) as documents,
        min(first_reported) as first_reported,
        max(last_reported) as last_reported,
        coalesce(bool_or(indicator_id = 'gdp' and kind = 'level' and period_type = 'year'), false) as has_gdp
    from city_facts
    group by city_code, year(period_end)
),

final as (
    select * from facts
)

select * from final

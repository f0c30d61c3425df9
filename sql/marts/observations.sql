-- actual city-level values joined with their documents, a story counted once; one row per story, fact and value
-- A reprint adds nothing, but a reprint that states another value does. Of the prints of a story the one of the highest authority
-- is shown, the earliest of these.
-- City and indicator stand in the partitions by code and by name, so that a question about one of them reads only its rows.
with keyed as (
    select
        s.*,
        fact_key(
            coalesce(s.city_code, ''), coalesce(s.indicator_id, s.indicator_text, ''), s.item, s.kind, s.unit, s.period_type,
            s.period_start, s.period_end, s.rank_scope, s.against
        ) as key
    from statements as s
),

numbered as (
    select
        k.*,
        if(k.indicator_id is not null and k.period_end is not null and k.city_code is not null, k.key, null) as fact_id,
        count(*) over one_value as prints,
        min(k.published_at) over one_value as first_print,
        max(k.published_at) over one_value as last_print,
        row_number() over (one_value order by k.authority, k.published_at nulls last, k.document_id, k.char_start) as nth_print
    from keyed as k
    window one_value as (
        partition by
            k.city_code, k.city, k.indicator_id, k.indicator, k.indicator_en, k.period_end, k.key, k.story_id, k.value,
            k.value_high, k.comparator, k.indicator_text
    )
),

final as (
    select * exclude (key, nth_print)
    from numbered
    where nth_print = 1
)

select * from final

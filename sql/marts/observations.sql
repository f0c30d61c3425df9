-- actual city-level values joined with their documents, a story counted once; one row per story, fact and value
-- A reprint adds nothing, but a reprint that states another value does. Of the prints of a story the one of the highest authority
-- is shown, the earliest of these.
-- City and indicator stand in the partitions by code and by name, so that a question about one of them reads only its rows.
with numbered as (
    select
        s.*,
        count(*) over one_value as prints,
        min(published_at) over one_value as first_print,
        max(published_at) over one_value as last_print,
        row_number() over (one_value order by authority, published_at nulls last, document_id, char_start) as nth_print
    from statements as s
    window one_value as (
        partition by
            city_code, city, indicator_id, s.indicator, indicator_en, indicator_text, item, s.kind, unit, period_type, period_start,
            period_end, rank_scope, against, story_id, value, value_high, comparator
    )
),

final as (
    select * exclude (nth_print)
    from numbered
    where nth_print = 1
)

select * from final

-- actual city-level values joined with their documents, a story counted once; one row per story, fact and value
-- A reprint adds nothing, but a reprint that states another value does.
with final as (
    select *
    from statements
    qualify row_number() over (
        partition by
            story_id, city_code, indicator_id, indicator_text, kind, unit, period_type, period_start, period_end,
            rank_scope, against, value, value_high, comparator
        order by published_at nulls last, document_id, char_start
    ) = 1
)

select * from final

-- reports of one fact that differ by more than rounding allows; one row per report that disagrees with the value in use
-- `reading` is revision where a later report of the same or a higher authority replaces an earlier one, same_document where one
-- page says both (mostly a part beside its whole), else conflict.
with used as (
    select * from fact_vintages where choice_rank = 1
),

final as (
    select
        u.fact_id,
        u.city_code,
        u.city,
        u.indicator_id,
        u.indicator,
        u.item,
        u.kind,
        u.unit,
        u.period_type,
        u.period_start,
        u.period_end,
        case
            when u.document_id = o.document_id then 'same_document'
            when u.published_at > o.published_at and u.authority <= o.authority and u.story_id <> o.story_id then 'revision'
            else 'conflict'
        end as reading,
        u.value,
        u.value_text,
        u.outlet,
        u.published_at,
        u.metric_id,
        o.value as other_value,
        o.value_text as other_value_text,
        o.outlet as other_outlet,
        o.published_at as other_published_at,
        o.metric_id as other_metric_id,
        o.value - u.value as difference,
        (o.value - u.value) / nullif(abs(u.value), 0) as relative_difference
    from used as u
    inner join fact_vintages as o
        on u.fact_id = o.fact_id and u.city_code = o.city_code and u.city = o.city and u.indicator_id = o.indicator_id
        and u.indicator = o.indicator
    where o.choice_rank > 1
        and (o.lowest > u.highest + 1e-9 * greatest(1, abs(u.highest)) or u.lowest > o.highest + 1e-9 * greatest(1, abs(o.highest)))
)

select * from final

-- 哪些数被修订过，改了多少？ | Which figures were revised, and by how much?
select city, indicator, kind, period_end, other_value_text as before, value_text as after,
    round(relative_difference * -100, 2) as "修订幅度%", other_published_at::date as said_on, published_at::date as revised_on
from conflicts
where reading = 'revision'
order by abs(relative_difference) desc, city, period_end

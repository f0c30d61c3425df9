-- 2024年规上工业增加值，哪个城市增长最快？ | Which city's industry above scale grew fastest in 2024?
select growth_place, city, growth_yoy, agreement, sources, outlet
from compare('规上工业增加值', '2024年')
order by growth_place nulls last, city

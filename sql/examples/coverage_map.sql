-- 各城市各年有多少数据？ | How much is there of each city and year?
select city, year, facts, indicators, confirmed_facts, disputed_facts, documents, has_gdp
from coverage
order by city, year

-- zh: 单位与类别不符（同比应为 % 或倍，差距应为百分点，位次应为位）
-- en: a unit that its kind cannot have
-- severity: warning
-- scope: part
select metric_id, kind, unit, value_text
from metrics
where (kind in ('growth_yoy', 'growth_mom') and unit not in ('%', '‰', 'times', 'doublings'))
    or (kind in ('gap_pp', 'change_pp') and unit <> 'pp')
    or (kind = 'rank' and unit <> 'rank')
    or (kind in ('level', 'count') and unit in ('pp', 'rank'))

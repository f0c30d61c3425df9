-- zh: 类别、状态、比较词、时期类型、主体类型不在约定之内
-- en: a kind, status, comparator, period type, subject type or region level outside the vocabulary
-- severity: error
-- scope: part
select metric_id, kind, status, comparator, period_type, subject_type, region_level
from metrics
where kind is null or kind not in (
        'level', 'count', 'growth_yoy', 'growth_mom', 'growth', 'change', 'change_pp', 'gap_pp', 'share', 'contribution',
        'ratio', 'rank', 'streak', 'duration', 'index'
    )
    or status is null or status not in ('actual', 'target', 'forecast')
    or comparator is null or comparator not in ('eq', 'gt', 'ge', 'lt', 'le', 'approx')
    or period_type not in ('year', 'half', 'quarter', 'month', 'ytd', 'since', 'as_of', 'range', 'day', 'recurrent')
    or subject_type is null
    or subject_type not in ('nation', 'province', 'city', 'county', 'park', 'industry', 'organization', 'project', 'other')
    or region_level not in ('nation', 'province', 'city', 'county')

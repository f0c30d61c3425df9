-- zh: 原句中没有所引数值
-- en: evidence that does not contain the value it proves
-- severity: error
-- scope: part
select metric_id, value_text, evidence
from metrics
where value_text is null or evidence is null or not contains(evidence, value_text)

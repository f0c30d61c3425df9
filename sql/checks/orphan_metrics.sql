-- zh: 数值所属文档不存在
-- en: a value whose document is not there
-- severity: error
-- scope: part
select m.metric_id, m.document_id
from metrics as m
anti join documents as d on m.document_id = d.document_id

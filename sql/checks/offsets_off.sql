-- zh: 起止位置取不出所引数值
-- en: offsets that do not lead to the value in the body
-- severity: error
-- scope: part
select m.metric_id, m.value_text, substring(d.body, (m.char_start + 1)::bigint, (m.char_end - m.char_start)::bigint) as found
from metrics as m
inner join documents as d on m.document_id = d.document_id
where substring(d.body, (m.char_start + 1)::bigint, (m.char_end - m.char_start)::bigint) is distinct from m.value_text

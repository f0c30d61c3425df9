-- zh: 正文为空
-- en: a document without any body
-- severity: warning
-- scope: part
select document_id, source_uri, title
from documents
where coalesce(trim(body), '') = ''

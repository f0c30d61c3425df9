-- zh: 同一文档出现两次
-- en: a document that is there twice
-- severity: error
-- scope: all
select document_id, count(*) as times
from documents
group by document_id
having count(*) > 1

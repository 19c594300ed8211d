-- Revisions to choose from, the latest first. Grain: service, revision.
-- grain: service, revision
select
    service,
    revision,
    epoch_ns(first_at) as first_ns
from revisions
order by place desc, service asc

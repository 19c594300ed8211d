-- The commit that a revision was built from: what the labels of its entries say, else the change that made it.
-- Grain: service, revision that anything names a commit of. What is named may be no commit's hash.
-- grain: service, revision
select
    service,
    revision,
    arg_min(value, (form <> 'labels', form)) as commit_name
from revision_settings
where setting = 'commit'
    and value <> ''
group by service, revision

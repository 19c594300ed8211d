-- Changes of what runs, the newest first: by whom, with what, and what came of them.
-- Grain: change.
-- param service = '': the service's name, or a part of it
-- param most = 20: how many changes at most
select
    change_at,
    service,
    target,
    verb,
    effect,
    revision,
    caller,
    tool,
    image,
    settings_changed,
    rolled_back_to,
    failure
from deployments
where $service = '' or contains(service, $service)
order by change_at desc, change_key asc
limit coalesce(try_cast($most as bigint), 20)

-- What was last reported to each issue, from the ledger of actions, and whether the issue was made from here.
-- Grain: service, cluster, issue. An action without a report (an issue was reopened) has no count.
-- grain: service, cluster_id, issue_number, url
select
    service,
    cluster_id,
    issue_number,
    url,
    bool_or(action = 'create') as is_created,
    arg_max(entry_count, action_id) as entry_count,
    arg_max(last_ns, action_id) as last_ns,
    arg_max(priority, action_id) as priority,
    arg_max(state, action_id) as state,
    arg_max(revision, action_id) as revision
from issue_actions
group by all
order by service, cluster_id, issue_number

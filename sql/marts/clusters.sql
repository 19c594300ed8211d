-- Issue clusters of the window, numbered in the order of the worklog: priority, then weight.
-- Grain: cluster.
select
    row_number() over (
        order by
            priority.priority,
            (follows.lead_id is not null)::int,
            counts.effective_severity desc,
            counts.entry_count desc,
            counts.lead_id
    ) as cluster_number,
    counts.*,
    text.* exclude (lead_id, action_set),
    priority.priority,
    priority.priority_reasons,
    priority.is_expected,
    state.* exclude (lead_id),
    coalesce(text.rule_category, state.state_category) as category
from cluster_counts as counts
inner join cluster_texts as text on counts.lead_id = text.lead_id
inner join cluster_priorities as priority on counts.lead_id = priority.lead_id
left join cluster_states as state on counts.lead_id = state.lead_id
left join (select distinct lead_id from cluster_follows) as follows on counts.lead_id = follows.lead_id

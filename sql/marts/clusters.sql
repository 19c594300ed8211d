-- Issue clusters, numbered in the order of the worklog: priority, of one priority what has ended last, then weight.
-- Grain: window, cluster.
-- grain: window_id, lead_id
select
    row_number() over (
        partition by counts.window_id
        order by
            priority.priority asc,
            coalesce(state.state = 'ended', false)::int asc,
            (follows.lead_id is not null)::int asc,
            counts.effective_severity desc,
            counts.entry_count desc,
            counts.lead_id asc
    ) as cluster_number,
    counts.*,
    text.* exclude (window_id, lead_id, action_set),
    priority.priority,
    priority.priority_reasons,
    priority.is_expected,
    state.* exclude (window_id, lead_id),
    coalesce(text.rule_category, state.state_category) as category
from cluster_counts as counts
inner join cluster_texts as text using (window_id, lead_id)
inner join cluster_priorities as priority using (window_id, lead_id)
left join cluster_states as state using (window_id, lead_id)
left join (select distinct window_id, lead_id from cluster_follows) as follows using (window_id, lead_id)

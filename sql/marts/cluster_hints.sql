-- Lists of texts in the payloads of a cluster's lead, such as hints for debugging, each text once.
-- Grain: window, cluster, list, text.
-- grain: window_id, lead_id, list_name, hint
select
    window_id,
    lead_id,
    replace(path, '[]', '') as list_name,
    value as hint,
    count(*) as entry_count,
    min(list_index) as place
from payload_leaves
where path like '%[]'
    and path not like '%[]%[]'
    and len(value) >= 8
group by all

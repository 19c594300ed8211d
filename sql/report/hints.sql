-- Lists of texts found in payloads. Grain: window, cluster, list, text.
-- grain: window_id, lead_id, list_name, hint
select window_id, lead_id, list_name, hint, entry_count, place
from cluster_hints
order by list_name asc, entry_count desc, place asc, hint asc

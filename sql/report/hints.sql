-- Lists of texts found in payloads. Grain: cluster, list, text.
select lead_id, list_name, hint, entry_count, place
from cluster_hints
order by list_name, entry_count desc, place, hint

-- What the program wrote last before instances end that wrote of no failure. Grain: window, cluster, place.
-- grain: window_id, lead_id, place
select *
from last_lines
where is_collected
    or pattern_id is not null
order by place

-- Values at variable positions that hold few of them, again and again.
-- Grain: service, pattern, position, value, revision, minute; of messages of NOTICE and above.
-- grain: service, pattern_id, position, value, revision, minute_ns
select *
from minute_values
semi join (
    select service, pattern_id, position
    from minute_values
    group by all
    having count(distinct value) <= 50
        and sum(entry_count) >= 3 * count(distinct value)
) as few using (service, pattern_id, position)

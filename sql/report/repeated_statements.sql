-- What is done or asked again and again, the three most frequent. Grain: window, pattern, statement.
-- grain: window_id, pattern_id, statement
select
    window_id,
    pattern_id,
    statement,
    identifier,
    is_waiting,
    entry_count,
    first_ns,
    last_ns,
    span_ns,
    instance_count,
    other_kinds,
    usual_count,
    unanswered_count,
    p
from repeated_statements
qualify row_number() over (
    partition by window_id order by entry_count desc, first_ns asc, pattern_id asc, statement_hash asc
) <= 3
order by entry_count desc, first_ns asc, pattern_id asc, statement_hash asc

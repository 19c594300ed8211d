-- Errors and requests of each revision, in the order in which revisions were first seen.
-- Grain: service, revision. `error_count` is of ERROR and above.
select
    service,
    revision,
    first_at,
    last_at,
    entry_count,
    error_count,
    round(100 * error_count / entry_count, 2) as error_percent,
    request_count,
    server_error_count,
    round(1000 * error_count / nullif(request_count, 0), 1) as errors_per_1000_requests
from revisions
order by service, first_at

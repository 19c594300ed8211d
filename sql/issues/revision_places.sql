-- The revisions of a window's service up to the window's end, in the order in which they were deployed.
-- Grain: window, revision.
-- grain: window_id, revision
select
    span.window_id,
    revision.revision,
    epoch_ns(revision.last_at) as last_ns
from windows as span
inner join revisions as revision
    on span.service = revision.service and epoch_ns(revision.first_at) < span.to_ns
order by span.window_id, revision.place

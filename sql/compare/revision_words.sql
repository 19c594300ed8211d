-- The revisions that a word means. Grain: service, revision. Parameters: word; other, the other side's word.
-- grain: service, revision
select
    service,
    revision,
    from_ns,
    to_ns
from revision_sides($word, $other)
order by service, from_ns

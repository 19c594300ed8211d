-- Failures whose text other failures contain: one failure, reported several times. The text of a pattern is the message
-- of its exception, else its whole message; of 20 to 400 characters, since shorter ones say too little.
-- Grain: service, pattern, pattern that holds its text.
-- grain: service, pattern_id, holder_id
with

failures as (
    select
        profile.service,
        profile.pattern_id,
        profile.sample_message,
        coalesce(nullif(profile.exception_message, ''), trim(profile.sample_message)) as text
    from pattern_profiles as profile
    left join (
        select distinct service, pattern_id
        from pattern_rules
        where ends_instance or is_startup_failure
    ) as ending on profile.service = ending.service and profile.pattern_id = ending.pattern_id
    where profile.effective_severity >= 'ERROR'::severity_name
        or ending.pattern_id is not null
),

services as (
    select
        service,
        list(pattern_id order by pattern_id) as ids,
        from_json(
            places_within(
                to_json(list(if(len(text) between 20 and 400, text, '') order by pattern_id)),
                to_json(list(coalesce(sample_message, '') order by pattern_id))
            ),
            '[{"part": "BIGINT", "whole": "BIGINT"}]'
        ) as pairs
    from failures
    group by service
),

pairs as (
    select service, ids, unnest(pairs) as pair
    from services
)

select
    service,
    ids[pair.part + 1] as pattern_id,
    ids[pair.whole + 1] as holder_id
from pairs
where pair.part <> pair.whole

-- Sources whose access logs are the only record of requests: no log of the platform holds those of the service.
-- Where one does, a line of the program's access log is the same request again, and stays a message.
-- Grain: source with entries of an access log.
-- grain: source_id
with

platform_services as (
    select distinct source.service
    from raw_entries as raw
    inner join identified_sources as source on raw.source_id = source.source_id
    where raw.kind = 'request'
    union distinct
    select distinct source.service
    from counted_entries as counted
    inner join identified_sources as source on counted.source_id = source.source_id
    where counted.kind = 'request'
),

access as (
    select distinct source_id
    from raw_entries
    where kind = 'access'
)

select access.source_id
from access
inner join identified_sources as source on access.source_id = source.source_id
anti join platform_services as platform on source.service = platform.service

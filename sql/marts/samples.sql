-- The entry that stands for a cluster: the one of its lead that is nearest to the middle of them in time; of a trace
-- written in several entries, the piece with the most content.
-- Grain: window, cluster.
-- grain: window_id, lead_id
with

ordered as (
    select
        window_id,
        lead_id,
        entry_at,
        entry_key,
        event_id,
        row_number() over (partition by window_id, lead_id order by entry_ns, entry_key) as place,
        count(*) over (partition by window_id, lead_id) as entry_count
    from cluster_entries
    where is_lead
),

middle as (
    select * exclude (place, entry_count)
    from ordered
    where place = (entry_count + 1) // 2
),

chosen as (
    select
        middle.window_id,
        middle.lead_id,
        arg_max(
            (piece.entry_at, piece.entry_key), (len(piece.message), -piece.entry_ns, piece.entry_key)
        ) as place
    from middle
    inner join cluster_entries as piece
        on middle.window_id = piece.window_id
        and middle.lead_id = piece.lead_id
        and coalesce(middle.event_id, middle.entry_key) = coalesce(piece.event_id, piece.entry_key)
    group by middle.window_id, middle.lead_id
)

select
    chosen.window_id,
    chosen.lead_id,
    entry.* exclude (entry_key, level_source, service_key),
    entry.entry_key
from chosen
inner join entries as entry on chosen.place[1] = entry.entry_at and chosen.place[2] = entry.entry_key
where entry.entry_at >= make_timestamp_ns($from_ns)
    and entry.entry_at < make_timestamp_ns($to_ns)

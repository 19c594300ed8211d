-- Statements that messages of a window make five times or more with the same values at their variable positions, of any
-- severity, beside how often the pattern's other statements are made; patterns of more than 20,000 entries in the
-- window are left out.
-- Grain: window, pattern, statement. A statement is a message without time, level and logger before it. Of all those of
-- the pattern `kinds` are distinct, half of them are made at most `usual_count` times and `usual_kinds` no more than
-- that; `near_kinds` are made more than a fifth as often as this one, it included. `p` is the probability that any
-- statement of the window is made as often, if each of its pattern were as likely as the others.
-- grain: window_id, pattern_id, statement_hash
with

-- too many to read each of them
large as (
    select asked.window_id, minute.pattern_id
    from windows as asked
    inner join pattern_minutes as minute
        on is_in_window(asked, minute.service, minute.revision, epoch_ns(minute.minute))
    group by asked.window_id, minute.pattern_id
    having sum(minute.entry_count) > 20_000
),

statements as (
    select
        asked.window_id,
        entry.pattern_id,
        hash(statement(entry.message)) as statement_hash,
        count(*) as entry_count,
        epoch_ns(min(entry.entry_at)) as first_ns,
        epoch_ns(max(entry.entry_at)) as last_ns,
        arg_min(entry.entry_key, (entry.entry_at, entry.entry_key)) as first_key,
        count(distinct coalesce(nullif(source.instance_id, ''), nullif(labels.instance_id, ''))) as instance_count,
        any_value(coalesce(nullif(source.instance_id, ''), nullif(labels.instance_id, ''))) as instance_id
    from placed_entries as entry
    inner join identified_sources as source on entry.source_id = source.source_id
    inner join windows as asked
        on is_in_window(asked, source.service, source.revision, epoch_ns(entry.entry_at))
    inner join patterns as pattern
        on entry.pattern_id = pattern.pattern_id and contains(pattern.template, '<*>')
    left join label_sets as labels on entry.label_set_id = labels.label_set_id
    anti join large on asked.window_id = large.window_id and entry.pattern_id = large.pattern_id
    where entry.kind = 'message'
        and entry.message is not null
        and entry.event_id is null
        and entry.entry_at >= make_timestamp_ns($from_ns)
        and entry.entry_at < make_timestamp_ns($to_ns)
    group by all
),

-- how many statements are made how often: few rows, however many statements
times as (
    select
        window_id,
        pattern_id,
        entry_count,
        count(*) as statement_count,
        sum(statement_count) over from_seldom as kinds_so_far,
        sum(statement_count) over from_often as kinds_from_here
    from statements
    group by window_id, pattern_id, entry_count
    window
        from_seldom as (partition by window_id, pattern_id order by entry_count),
        from_often as (partition by window_id, pattern_id order by entry_count desc)
),

usual as (
    select
        window_id,
        pattern_id,
        sum(statement_count)::bigint as kinds,
        sum(statement_count * entry_count)::bigint as pattern_count,
        sum(kinds) over (partition by window_id) as tried_count
    from times
    group by window_id, pattern_id
),

usual_times as (
    select
        window_id,
        pattern_id,
        usual.kinds,
        usual.pattern_count,
        usual.tried_count,
        arg_min(times.entry_count, times.entry_count) as usual_count,
        arg_min(times.kinds_so_far, times.entry_count)::bigint as usual_kinds
    from usual
    inner join times using (window_id, pattern_id)
    where 2 * times.kinds_so_far >= usual.kinds
    group by all
)

select
    said.*,
    usual.kinds,
    usual.pattern_count,
    usual.usual_count,
    usual.usual_kinds,
    (
        select max(times.kinds_from_here)
        from times
        where times.window_id = said.window_id
            and times.pattern_id = said.pattern_id
            and 5 * times.entry_count > said.entry_count
    )::bigint as near_kinds,
    least(1.0, usual.tried_count * rate_ratio_p(
        usual.pattern_count - said.entry_count, usual.kinds - 1, said.entry_count, 1, 1.0
    )) as p
from statements as said
inner join usual_times as usual using (window_id, pattern_id)
where said.entry_count >= 5

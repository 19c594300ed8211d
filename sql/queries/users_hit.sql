-- Users that entries of a pattern name: in the `user` field, or as `user: x`, `user_id=x`, `for user x` in the text.
-- Grain: user.
-- param pattern: the id of a pattern, or the start of one
with

named as (
    select
        entry_at,
        named_user("user", message) as user_name
    from entries
    where starts_with(pattern_id, $pattern)
        or pattern_id in (select pattern_id from pattern_aliases where starts_with(old_id, $pattern))
)

select
    user_name,
    count(*) as entry_count,
    min(entry_at) as first_at,
    max(entry_at) as last_at
from named
where user_name is not null
group by user_name
order by entry_count desc, user_name asc

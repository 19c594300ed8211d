-- How a setting differs from before: `added`, `removed`, `changed`; NULL where it does not. Of `fingerprint`s one may be
-- NULL.
case
    when before is null and after is not null then 'added'
    when before is not null and after is null then 'removed'
    when before <> after then 'changed'
end

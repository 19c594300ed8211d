-- The user that an entry names: in its field, or in the text as `user: x`, `user_id=x`, `for user x`, unless x is a
-- plain word.
coalesce(
    nullif(field, ''),
    nullif(regexp_extract(
        message,
        '(?i)\buser(?:_?id|name)?["'']?\s*[:= ]\s*["'']?([a-z0-9][a-z0-9._@:-]*[0-9_@:-][a-z0-9._@:-]*[a-z0-9])',
        1
    ), '')
)

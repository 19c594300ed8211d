-- A setting's value as people compare it: one form for truth, numbers, lengths of time and lists of words.
case
    when lower(value) in ('true', 'false') then lower(value)
    when setting like '%timeout' and regexp_matches(value, '^[0-9]+([.]0+)?s?$')
        then regexp_extract(value, '^[0-9]+') || ' s'
    when regexp_matches(value, '^[0-9]+[.]0+$') then regexp_extract(value, '^[0-9]+')
    when setting like '%CPU' and regexp_matches(value, '^[0-9]+000m$') then regexp_replace(value, '000m$', '')
    when setting in ('command', 'args') and json_valid(value) and json_type(value) = 'ARRAY'
        then array_to_string(json_extract_string(value, '$[*]'), ' ')
    else nullif(value, '')
end

-- Why a comparison came out as it did, in words: for what is not told by the figures beside it.
case
    when base_exposure = 0 then 'entries of ' || severity || ' were not collected on the base side'
    when target_exposure = 0 then 'entries of ' || severity || ' were not collected on the target side'
    when base_blanks > 0 and base_count = 0 and is_significant(q)
        then format(
            '{:,} of the base''s entries of {} carry no payload and may tell the same', base_blanks, severity
        )
    when target_blanks > 0 and target_count = 0 and is_significant(q)
        then format(
            '{:,} of the target''s entries of {} carry no payload and may tell the same', target_blanks, severity
        )
    when verdict = 'burst' and target_minutes < 3
        then 'in ' || target_minutes || if(target_minutes = 1, ' minute', ' minutes') || ' only'
    when verdict = 'burst' then 'on one instance only'
    when verdict = 'too little traffic' and is_significant(q) and direction_of(ratio_lower, ratio_upper) = 'more'
        and covered_minutes >= 3
        then 'fewer than five events'
    when verdict = 'too little traffic' and is_significant(q) and direction_of(ratio_lower, ratio_upper) = 'more'
        then 'the target covers ' || covered_minutes || if(covered_minutes = 1, ' minute', ' minutes')
            || ': too few to tell a change from a burst'
    when verdict = 'too little traffic' and is_significant(q) and direction_of(ratio_lower, ratio_upper) = 'less'
        then 'in the base ' || case
            when base_minutes >= 3 then 'on one instance'
            else 'in ' || base_minutes || if(base_minutes = 1, ' minute', ' minutes')
        end || ' only: it may have been a burst'
    when verdict = 'too little traffic' and base_count = 0
        then 'at the target''s rate the base would have shown '
            || round(target_count * base_exposure / target_exposure, 1)
    when verdict = 'too little traffic' and target_count = 0
        then 'at the base''s rate the target would have shown '
            || round(base_count * target_exposure / base_exposure, 1)
    when verdict = 'too little traffic'
        then 'anything from ' || round(ratio_lower, 2) || ' to ' || round(ratio_upper, 2) || ' times is possible'
    when verdict = 'same' and is_significant(q) then 'a difference, but a small one'
end

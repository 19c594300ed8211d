-- What the interval of a ratio says by itself: `worse` or `better` where all of it lies beyond a change worth telling
-- and the counts allow to say so, `same` where all of it lies between half and twice.
case
    when may_be_worse and direction_of(ratio_lower, ratio_upper) = 'more' then 'worse'
    when may_be_better and direction_of(ratio_lower, ratio_upper) = 'less' then 'better'
    when ratio_lower > 0.5 and ratio_upper < 2 then 'same'
    else 'too little traffic'
end

-- `more` or `less` where all of a ratio's interval lies beyond a change worth telling. A bound that is NULL is open: a
-- function of the program's own is never asked about NULL.
ratio_direction(coalesce(lower, 0.0), coalesce(upper, 'infinity'::double))

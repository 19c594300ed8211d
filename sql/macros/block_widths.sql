-- The widths of blocks in which bursts are sought: a minute, ten minutes, an hour, two and six hours. Grain: width.
-- grain: width_ns
select unnest([60, 600, 3_600, 7_200, 21_600]) * 1_000_000_000::bigint as width_ns

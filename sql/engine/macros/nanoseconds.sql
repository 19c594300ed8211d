{#-
A time as RFC 3339 writes it, as nanoseconds since 1970; NULL where it is none. No engine reads nanoseconds with an offset:
what it reads (DuckDB microseconds, Sail whole seconds) is a time, the digits behind that a number.
-#}
{%- macro nanoseconds(text) -%}
{%- if dialect == "duckdb" -%}
try(
    epoch_us(cast({{ text }} as timestamptz)) * 1000
        + cast(rpad(substr(regexp_extract({{ text }}, '[.][0-9]{6}([0-9]+)', 1), 1, 3), 3, '0') as bigint)
)
{%- else -%}
case
    when {{ text }} rlike '^(1[7-9]|2[01]|22[0-5])[0-9]+-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?( UTC|Z|[+-][0-9]{2}:?[0-9]{2})?$'
        then unix_seconds(try_cast(regexp_replace({{ text }}, '[.][0-9]+| UTC$', '') as timestamp)) * 1000000000
            + cast(rpad(substr(regexp_extract({{ text }}, '[.]([0-9]+)', 1), 1, 9), 9, '0') as bigint)
end
{%- endif -%}
{%- endmacro -%}

{#-
A time as RFC 3339 writes it, as nanoseconds since 1970; NULL where it is none. No engine reads nanoseconds with an offset:
whole seconds are read as a time, the digits behind them as a number.
-#}
{%- macro nanoseconds(text) -%}
{%- set digits = "cast(rpad(substr(regexp_extract(" ~ text ~ ", '[.]([0-9]+)', 1), 1, 9), 9, '0') as bigint)" -%}
{%- if dialect == "duckdb" -%}
epoch_us(try_cast(replace(regexp_replace({{ text }}, '[.][0-9]+', ''), ' UTC', 'Z') as timestamptz)) * 1000 + {{ digits }}
{%- else -%}
case
    when {{ text }} rlike '^(1[7-9]|2[01]|22[0-5])[0-9]+-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?( UTC|Z|[+-][0-9]{2}:?[0-9]{2})?$'
        then unix_seconds(try_cast(regexp_replace({{ text }}, '[.][0-9]+| UTC$', '') as timestamp)) * 1000000000 + {{ digits }}
end
{%- endif -%}
{%- endmacro -%}

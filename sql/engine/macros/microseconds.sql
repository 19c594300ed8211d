{#- A duration such as `3.786648988s` in whole microseconds; NULL where it is none. -#}
{%- macro microseconds(text) -%}
cast(floor(try_cast(regexp_extract({{ text }}, '^([0-9]{1,9}([.][0-9]{1,9})?)s$', 1) as decimal(28, 9)) * 1000000) as bigint)
{%- endmacro -%}

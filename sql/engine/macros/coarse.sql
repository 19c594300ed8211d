{#-
A message with its numbers alike: UUIDs, which stay UUIDs (`0` in their place would be another shape before letters), then
runs of eight or more hexadecimal digits, then digits that follow no letter.
Two messages that are equal in this have the same shape (a property test of `src/engine/tests.rs`).
-#}
{%- macro coarse(text) -%}
{{ replace_all(replace_all(replace_all(
    text,
    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", "00000000-0000-0000-0000-000000000000"),
    "[0-9a-fA-F]{8,}", "0"),
    "(^|[^A-Za-z0-9])[0-9]+", "\\1" ~ "0") }}
{%- endmacro -%}

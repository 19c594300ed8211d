{#-
A message with its numbers alike: each UUID and each run of eight or more hexadecimal digits, then digits that follow no letter.
Two messages that are equal in this have the same shape (a property test of `src/engine/coarse.rs`).
-#}
{%- macro coarse(text) -%}
{{ replace_all(replace_all(replace_all(
    text,
    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", "0"),
    "[0-9a-fA-F]{8,}", "0"),
    "(^|[^A-Za-z])[0-9]+", "\\1" ~ "0") }}
{%- endmacro -%}

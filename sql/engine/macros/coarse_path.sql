{#-
A URL without query, its path's segments alike where a program gave them: three digits and more, or nothing but digits.
Two requests that are equal in this, in method and in status have the same shape.
-#}
{%- macro coarse_path(url) -%}
{{ replace_all(replace_all(
    "concat(replace(" ~ replace_all(url, "[?#].*", "") ~ ", '/', '//'), '/')",
    "/[^/]*[0-9][^/]*[0-9][^/]*[0-9][^/]*/", "/0/"),
    "/[0-9]+/", "/0/") }}
{%- endmacro -%}

{#-
A relation with the texts at paths of its JSON texts as more columns, NULL where there is none. `jsons` are pairs of a
column and its paths; a new column is named as both, `resource_type`, without `labels.`. DuckDB reads a JSON text once for
all its paths.
-#}
{%- macro opened(relation, jsons) -%}
(
    select
        *{% for json, paths in jsons %}{% for path in paths %},
        {% if dialect == "duckdb" -%} texts_of_{{ json }}[{{ loop.index }}]
{%- else -%} {{ text_at(json, "$." ~ path) }}
{%- endif %} as {{ json }}_{{ path | replace("labels.", "") }}
{%- endfor %}{% endfor %}

    from {% if dialect == "duckdb" -%}
    (
        select
            *{% for json, paths in jsons %},
            try(json_extract_string({{ json }}, ['$.{{ paths | join("', '$.") }}'])) as texts_of_{{ json }}
{%- endfor %}

        from {{ relation }} as closed
    ) as read
{%- else -%} {{ relation }} as closed
{%- endif %}

)
{%- endmacro -%}

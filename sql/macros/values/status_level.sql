-- The level that an answer's status stands for, as the platform grades requests.
case
    when status >= 500 then 'ERROR'
    when status >= 400 then 'WARNING'
    else 'INFO'
end::severity_name

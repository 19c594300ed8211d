-- The part of such an object that says what runs: of Cloud Run's v1 API and Kubernetes, of a revision, of Cloud Run's v2
-- API, of functions, of versions of App Engine. NULL where it says nothing of that.
case
    when json_type(object, '$.spec.template.spec.template.spec') = 'OBJECT'
        then object -> '$.spec.template.spec.template.spec'
    when json_type(object, '$.spec.template.spec') = 'OBJECT' then object -> '$.spec.template.spec'
    when json_type(object, '$.spec.containers') = 'ARRAY' then object -> '$.spec'
    when json_type(object, '$.template.template') = 'OBJECT' then object -> '$.template.template'
    when json_type(object, '$.template') = 'OBJECT' then object -> '$.template'
    when json_type(object, '$.serviceConfig') = 'OBJECT' then object -> '$.serviceConfig'
    when coalesce(
        object -> '$.runtime', object -> '$.entryPoint', object -> '$.deployment', object -> '$.availableMemoryMb',
        object -> '$.environmentVariables', object -> '$.triggerId', object -> '$.substitutions'
    ) is not null
        then object
end

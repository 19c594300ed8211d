-- The environment variables and secrets that a change sets, by name. A value may be a password: only its digest is
-- kept; of a secret the reference. Grain: log entry, setting.
-- grain: entry_at, entry_key, setting
with

listed as (
    select
        entry_at,
        entry_key,
        suffix,
        unnest(from_json(body -> '$.env', '["json"]')) as variable
    from change_parts
    where part = 'container'
        and json_type(body, '$.env') = 'ARRAY'
),

bags as (
    select entry_at, entry_key, coalesce(body -> '$.environmentVariables', body -> '$.envVariables') as bag
    from change_parts
    where part = 'spec'
        and json_type(bag) = 'OBJECT'
),

referred as (
    select
        entry_at,
        entry_key,
        unnest(from_json(body -> '$.secretEnvironmentVariables', '["json"]')) as variable
    from change_parts
    where part = 'spec'
        and json_type(body, '$.secretEnvironmentVariables') = 'ARRAY'
),

variables as (
    select
        entry_at,
        entry_key,
        suffix,
        variable ->> '$.name' as name,
        coalesce(variable -> '$.valueFrom', variable -> '$.valueSource') as source,
        variable ->> '$.value' as content
    from listed
    union all
    select
        bags.entry_at,
        bags.entry_key,
        '' as suffix,
        pair.key::varchar as name,
        null as source,
        pair.value ->> '$' as content
    from bags,
        json_each(bags.bag) as pair
    union all
    select
        entry_at,
        entry_key,
        '' as suffix,
        variable ->> '$.key' as name,
        json_object('secretKeyRef', variable) as source,
        null as content
    from referred
),

named as (
    select
        entry_at,
        entry_key,
        concat_ws(' ', if(source is null, 'environment variable', 'secret'), name, nullif(suffix, '')) as setting,
        coalesce(source -> '$.secretKeyRef', source -> '$.configMapKeyRef') as reference,
        coalesce(reference ->> '$.secret', reference ->> '$.name') as kept_in,
        if(reference ->> '$.secret' is null, reference ->> '$.key', reference ->> '$.version') as part,
        kept_in || coalesce(':' || part, '') as value,
        content
    from variables
    where name <> ''
)

select
    entry_at,
    entry_key,
    setting,
    min(value) as value,
    min(coalesce(value, md5(coalesce(content, '')))) as fingerprint
from named
group by all

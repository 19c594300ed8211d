-- What each audit entry of a change sets, setting by setting. Grain: log entry, setting.
-- `value` may be shown; of an environment variable there is none, and `fingerprint` tells whether it is another.
-- `is_of_revision` is false of what a service has beside its revisions.
-- grain: entry_at, entry_key, setting
with

plain as (
    select
        part.entry_at,
        part.entry_key,
        concat_ws(' ', path.setting, nullif(part.suffix, '')) as setting,
        shown_setting(path.setting, part.body ->> path.path) as value,
        value as fingerprint,
        path.is_of_revision
    from change_parts as part
    inner join setting_paths as path using (part)
),

labels as (
    select
        part.entry_at,
        part.entry_key,
        label_setting(pair.key::varchar) as setting,
        pair.value ->> '$' as value,
        pair.value ->> '$' as fingerprint,
        true as is_of_revision
    from change_parts as part,
        json_each(part.body) as pair
    where part.part = 'labels'
),

sources as (
    from plain
    union all by name
    from labels
    union all by name
    select *, true as is_of_revision from change_variables
    union all by name
    select
        entry_at,
        entry_key,
        'traffic' as setting,
        traffic as value,
        traffic as fingerprint,
        false as is_of_revision
    from change_traffic
)

select
    entry_at,
    entry_key,
    setting,
    min(value) as value,
    min(fingerprint) as fingerprint,
    bool_or(is_of_revision) as is_of_revision
from sources
where setting is not null
    and fingerprint is not null
group by all

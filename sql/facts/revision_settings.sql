-- What is known of a revision's settings, and from where (`form`): from the change that made it, from the platform's
-- report about it, from labels that all of its entries have. Grain: service, revision, form, setting.
-- Of environment variables there is no `value`; `fingerprint` tells whether it is another.
-- grain: service, revision, form, setting
with

made as (
    select
        change.service,
        revision.revision,
        change.form,
        arg_max(change.settings_at, change.change_at) as settings_at,
        arg_max(change.settings_key, change.change_at) as settings_key
    from audited_changes as change
    inner join change_revisions as revision using (change_at, change_key)
    where change.form is not null
        and not change.is_patch
    group by all
),

reported as (
    select
        service,
        revision_answered as revision,
        form,
        max(entry_at) as settings_at,
        arg_max(entry_key, entry_at) as settings_key
    from change_entries
    where object ->> '$.kind' = 'Revision'
        and revision_answered <> ''
    group by all
),

digests as (
    select service, revision, 'digest' as form, 'image digest' as setting, max(image_digest) as value
    from (
        select service, revision_answered as revision, image_digest from change_entries
        union
        select service, revision, image_digest from deployments
    ) as told
    where image_digest <> ''
        and revision <> ''
    group by all
    having count(distinct image_digest) = 1
),

bags as (
    select entry.source_id, try_cast(labels.labels as json) as bag
    from (select distinct source_id, label_set_id from raw_entries) as entry
    inner join label_sets as labels on entry.label_set_id = labels.label_set_id
    where json_type(bag) = 'OBJECT'
),

label_values as (
    select
        source.service,
        source.revision,
        label.key,
        label.value
    from (
        select bags.source_id, pair.key::varchar as key, pair.value ->> '$' as value
        from bags,
            json_each(bags.bag) as pair
    ) as label
    inner join identified_sources as source using (source_id)
    where source.revision <> ''
),

labels as (
    select
        service,
        revision,
        'labels' as form,
        label_setting(key) as setting,
        min(value) as value
    from label_values
    where label_setting(key) in ('commit', 'build', 'trigger', 'managed by')
        and value <> ''
    group by all
    having count(distinct value) = 1
),

objects as (
    from made
    union
    from reported
),

known as (
    select *
    from objects
    qualify row_number() over (
        partition by service, revision, form order by settings_at desc, settings_key asc
    ) = 1
)

select
    known.service,
    known.revision,
    known.form,
    setting.setting,
    setting.value,
    setting.fingerprint
from known
inner join change_settings as setting
    on known.settings_at = setting.entry_at
    and known.settings_key = setting.entry_key
where setting.is_of_revision
union all by name
select *, value as fingerprint from digests
union all by name
select *, value as fingerprint from labels

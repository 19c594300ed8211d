-- Deployments: changes of what runs, as audit entries tell them. Grain: change.
-- `effect` says what came of it: a `revision`, other `traffic` or other `settings` without one, `nothing`, `removed`,
-- `refused` (the act itself failed), `failed` (later), a `build`; NULL where that is not known. `settings_changed` is
-- NULL where there is nothing to compare with. `image_is_by` says whether the image is named by its `digest` or by a
-- `tag` only, `tells_variables` whether environment variables are named at all: audit entries may leave them out.
-- grain: change_at, change_key
with

differences as (
    select
        change_at,
        change_key,
        list({setting: setting, change: change, before: before, after: after} order by setting) as settings_changed,
        bool_and(setting = 'traffic') as is_only_traffic,
        bool_or(setting = 'image') as is_other_image,
        bool_or(setting = 'traffic') as is_other_traffic
    from change_differences
    group by all
),

settings as (
    select
        entry_at as settings_at,
        entry_key as settings_key,
        map_from_entries(list((setting, value) order by setting)) as settings,
        md5(string_agg(setting || '=' || fingerprint, chr(10) order by setting) filter (is_of_revision)) as template,
        any_value(value) filter (setting = 'image') as image,
        regexp_extract(any_value(value) filter (setting = 'traffic'), '^([^ ]+) ', 1) as traffic_to,
        bool_or(setting like 'environment variable %' or setting like 'secret %') as tells_variables
    from change_settings
    group by all
),

joined as (
    select
        changes.*,
        revisions.revision,
        revisions.revision_source,
        settings.settings,
        settings.template,
        settings.image,
        settings.traffic_to,
        coalesce(settings.tells_variables, false) as tells_variables,
        differences.settings_changed,
        coalesce(differences.is_only_traffic, false) as is_only_traffic,
        coalesce(differences.is_other_image, false) as is_other_image,
        coalesce(differences.is_other_traffic, false) as is_other_traffic,
        changes.form is not null and not changes.is_patch and not changes.is_refused
        and row_number() over (
            partition by changes.service, changes.form, changes.is_patch, changes.is_refused
            order by changes.change_at, changes.change_key
        ) > 1 as is_compared
    from audited_changes as changes
    left join change_revisions as revisions using (change_at, change_key)
    left join settings using (settings_at, settings_key)
    left join differences using (change_at, change_key)
),

-- what ran before, and when the same did
compared as (
    select
        *,
        lag(template) over of_form as template_before,
        last_value(revision ignore nulls) over same_template as revision_of_template,
        last_value(revision ignore nulls) over same_image as revision_of_image,
        last_value(revision ignore nulls) over (
            partition by service order by change_at, change_key rows between unbounded preceding and 1 preceding
        ) as revision_last
    from joined
    window
        of_form as (partition by service, form, is_refused order by change_at, change_key),
        same_template as (
            partition by service, is_refused, form, template order by change_at, change_key
            rows between unbounded preceding and 1 preceding
        ),
        same_image as (
            partition by service, is_refused, image order by change_at, change_key
            rows between unbounded preceding and 1 preceding
        )
)

select
    change_at,
    change_key,
    last_at,
    service,
    project,
    location,
    target,
    verb,
    method,
    caller,
    deploying_tool(agent, caller) as tool,
    case
        when is_refused then 'refused'
        when verb = 'delete' then 'removed'
        when verb = 'build' then 'build'
        when failure is not null then 'failed'
        when is_new then 'revision'
        when is_only_traffic then 'traffic'
        when settings_changed is not null then 'settings'
        when is_compared and is_new is not null then 'nothing'
    end as effect,
    revision,
    revision_source,
    image,
    case when image like '%@sha256:%' then 'digest' when image <> '' then 'tag' end as image_is_by,
    coalesce(image_digest, if(image like '%@sha256:%', image, null)) as image_digest,
    settings,
    case when settings_changed is null and is_compared then [] else settings_changed end as settings_changed,
    case
        when is_other_traffic
            and number_of_revision(traffic_to) < number_of_revision(coalesce(revision_before, revision_last))
            then {revision: traffic_to, what: 'traffic'}
        when is_new and template <> template_before and revision_of_template <> revision
            then {revision: revision_of_template, what: 'template'}
        when is_new and is_other_image and revision_of_image <> revision
            then {revision: revision_of_image, what: 'image'}
    end as rolled_back_to,
    failure,
    tells_variables,
    entry_count
from compared

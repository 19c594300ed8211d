-- Changes of what runs, put together from their audit entries: who, by what, which object says the settings, whether a
-- revision was made. Grain: change. `is_new` is NULL where the entries do not tell.
-- grain: change_at, change_key
with

grouped as (
    select
        change_groups.change_at,
        change_groups.change_key,
        change_entries.*,
        row_number() over in_order as place,
        -- an answer says more than what was asked, and the act more than what came later
        row_number() over (
            partition by change_groups.change_at, change_groups.change_key
            order by
                change_entries.form is null asc, change_entries.is_event asc,
                change_entries.form not like 'response%' asc, change_entries.entry_at desc, change_entries.entry_key asc
        ) as telling
    from change_groups
    inner join change_entries using (entry_at, entry_key)
    window in_order as (
        partition by change_groups.change_at, change_groups.change_key
        order by change_entries.entry_at, change_entries.entry_key
    )
),

templates as (
    select entry_at, entry_key, md5(string_agg(setting || '=' || fingerprint, chr(10) order by setting)) as template
    from change_settings
    where is_of_revision
    group by all
),

changes as (
    select
        change_at,
        change_key,
        any_value(service) as service,
        any_value(project) as project,
        any_value(location) as location,
        arg_min(target, place) as target,
        arg_min(verb, place) as verb,
        arg_min(method, place) as method,
        arg_min(is_event, place) as is_reported_only,
        any_value(caller) as caller,
        any_value(agent) as agent,
        arg_min(failure, place) as failure,
        bool_or(failure is not null and place = 1 and not is_event) as is_refused,
        max(entry_at) as last_at,
        count(*) as entry_count,
        arg_min(entry_at, telling) as settings_at,
        arg_min(entry_key, telling) as settings_key,
        arg_min_null(form, telling) as form,
        arg_min(coalesce(is_patch, false), telling) as is_patch,
        arg_min(nonce, telling) as nonce,
        arg_min(revision_asked, place) as revision_asked,
        arg_max(revision_answered, place) as revision_answered,
        bool_or(is_event and revision_answered is not null) as is_revision_reported,
        arg_min(revision_before, place) as revision_before,
        arg_min(generation_before, place) as generation_before,
        any_value(image_digest) as image_digest
    from grouped
    group by all
),

in_order as (
    select
        changes.*,
        templates.template,
        lag(changes.nonce) over earlier as earlier_nonce,
        lag(changes.revision_answered ignore nulls) over earlier as earlier_answer,
        lag(templates.template) over earlier_of_form as earlier_template
    from changes
    left join templates on changes.settings_at = templates.entry_at and changes.settings_key = templates.entry_key
    window
        earlier as (partition by service, is_refused order by change_at, change_key),
        earlier_of_form as (partition by service, is_refused, form order by change_at, change_key)
)

select
    * exclude (earlier_nonce, earlier_answer, earlier_template, template),
    case
        when is_refused or verb in ('delete', 'build') or target = 'job' then false
        when target = 'version' or verb = 'create' then verb = 'create'
        when is_revision_reported then true
        when nonce is not null and earlier_nonce is not null then nonce <> earlier_nonce
        when agent like '%command/gcloud.run.services.update-traffic%' then false
        when agent like '%command/gcloud.run.deploy%' then true
        when revision_answered = earlier_answer then false
        when is_patch then template is not null
        when template is not null and earlier_template is not null then template <> earlier_template
    end as is_new
from in_order

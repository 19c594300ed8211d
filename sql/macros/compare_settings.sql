-- The settings of a pair's revisions compared, where something is known of both. Grain: pair.
-- Objects of one form are compared as a whole (`is_compared`); else what is known of both sides, setting by setting.
-- `tells_variables` says whether either side names an environment variable: audit entries may leave them out.
-- grain: pair_id
with

pair as (
    select unnest(pairs, recursive := true)
),

revisions_of as (
    select pair_id, service, false as is_target, base_revision as revision from pair
    union all
    select pair_id, service, true as is_target, target_revision as revision from pair
),

sides as (
    select side.pair_id, side.is_target, known.form, known.setting, known.value, known.fingerprint
    from revisions_of as side
    inner join revision_settings as known
        on side.service = known.service
        and side.revision = known.revision
),

-- the form with most to say of those that both have
forms as (
    select pair_id, form
    from sides
    where form not in ('labels', 'digest')
    group by pair_id, form
    having count(distinct is_target) = 2
    qualify row_number() over (partition by pair_id order by count(*) desc, form asc) = 1
),

compared as (
    select
        sides.pair_id,
        sides.setting,
        bool_or(forms.form is not null) as is_of_form,
        arg_min(sides.value, sides.form is distinct from forms.form) filter (not sides.is_target) as before,
        arg_min(sides.value, sides.form is distinct from forms.form) filter (sides.is_target) as after,
        arg_min(sides.fingerprint, sides.form is distinct from forms.form) filter (not sides.is_target) as print_before,
        arg_min(sides.fingerprint, sides.form is distinct from forms.form) filter (sides.is_target) as print_after
    from sides
    left join forms on sides.pair_id = forms.pair_id and sides.form = forms.form
    group by all
),

known as (
    select
        *,
        setting_change(print_before, print_after) as change,
        change is not null and setting not in ('image', 'image digest') as is_told
    from compared
    -- a report names by digest what a request names by tag
    where is_of_form or (print_before is not null and print_after is not null and setting <> 'image')
)

select
    pair_id,
    list({setting: setting, change: change, before: before, after: after} order by setting) filter (is_told)
        as settings_changed,
    max(before) filter (setting = 'image') as image_before,
    max(after) filter (setting = 'image') as image_after,
    max(after) filter (setting = 'image') like '%@sha256:%' as is_by_digest,
    max(change is null) filter (setting = 'image digest') as is_same_digest,
    max(after) filter (setting = 'commit' and change is null) as same_commit,
    bool_or(is_of_form) as is_compared,
    count(*) filter (setting like 'environment variable %' or setting like 'secret %') > 0 as tells_variables
from known
group by pair_id
having is_compared or count(*) filter (is_told) > 0 or same_commit is not null or is_same_digest is not null

-- The settings that a change made differ from what was before. Grain: change, setting.
-- As a whole it is compared with the last change of the service that says as much (`form`), refused ones left aside;
-- what is only patched is compared with what was last said of each setting. Of environment variables no value is told.
-- grain: change_at, change_key, setting
with

applied as (
    select
        *,
        lag(settings_at) over earlier as base_at,
        lag(settings_key) over earlier as base_key
    from audited_changes
    where form is not null
    window earlier as (partition by service, form, is_patch, is_refused order by change_at, change_key)
),

bases as (
    select *
    from applied
    where not is_patch and not is_refused and base_at is not null
),

whole as (
    select
        sides.change_at,
        sides.change_key,
        sides.setting,
        max(sides.fingerprint) filter (sides.is_base) as fingerprint_before,
        max(sides.fingerprint) filter (not sides.is_base) as fingerprint_after,
        max(sides.value) filter (sides.is_base) as before,
        max(sides.value) filter (not sides.is_base) as after
    from (
        select bases.change_at, bases.change_key, setting.*, true as is_base
        from bases
        inner join change_settings as setting on bases.base_at = setting.entry_at and bases.base_key = setting.entry_key
        union all
        select bases.change_at, bases.change_key, setting.*, false as is_base
        from bases
        inner join change_settings as setting
            on bases.settings_at = setting.entry_at and bases.settings_key = setting.entry_key
    ) as sides
    group by all
),

single as (
    select
        applied.change_at,
        applied.change_key,
        applied.is_patch,
        setting.setting,
        setting.fingerprint as fingerprint_after,
        setting.value as after,
        lag(setting.fingerprint) over earlier as fingerprint_before,
        lag(setting.value) over earlier as before
    from applied
    inner join change_settings as setting
        on applied.settings_at = setting.entry_at and applied.settings_key = setting.entry_key
    where not applied.is_refused
    window earlier as (partition by applied.service, setting.setting order by applied.change_at, applied.change_key)
),

sides as (
    from whole
    union all by name
    select * exclude (is_patch)
    from single
    where is_patch
        and fingerprint_before is not null
)

select
    change_at,
    change_key,
    setting,
    setting_change(fingerprint_before, fingerprint_after) as change,
    before,
    after
from sides
where change is not null

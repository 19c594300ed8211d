-- The newest ten changes of what runs within the window; those that changed nothing are counted only. `names_image` is
-- true where the change listed before it has another image. Grain: window, change.
-- grain: window_id, change_ns, change_key
with

told as (
    select
        span.window_id,
        change.*,
        count(*) filter (change.effect is distinct from 'nothing') over (partition by span.window_id) as change_count,
        count(*) filter (change.effect = 'nothing') over (partition by span.window_id) as idle_count
    from windows as span
    inner join deployments as change
        on span.service = change.service
        and (
            span.revision = change.revision
            or (
                span.revision is null
                and epoch_ns(change.change_at) >= span.from_ns
                and epoch_ns(change.change_at) < span.to_ns
            )
        )
)

select
    window_id,
    epoch_ns(change_at) as change_ns,
    change_key,
    target,
    verb,
    caller,
    tool,
    effect,
    revision,
    revision_source,
    image,
    image_is_by,
    coalesce(image <> lag(image) over (partition by window_id order by change_at desc, change_key desc), true)
        as names_image,
    settings_changed,
    tells_variables,
    rolled_back_to,
    failure,
    change_count,
    idle_count
from told
where effect is distinct from 'nothing'
qualify row_number() over (partition by window_id order by change_at desc, change_key desc) <= 10
order by window_id asc, change_at desc, change_key desc

-- Audit entries of acts that change what runs, each with the object that it writes or answers.
-- Grain: log entry. `target` is what is changed, `verb` how. `is_event` marks what the platform itself reports later.
-- `form` says what kind of object is read, and from where: only objects of one form are compared as a whole.
-- grain: entry_at, entry_key
-- minute: epoch_ns(entry_at)
with

read as (
    select
        entry.*,
        coalesce(body -> '$.audit_log', body) as audit,
        coalesce(audit ->> '$.methodName', audit ->> '$.method_name', '') as method,
        coalesce(audit ->> '$.serviceName', audit ->> '$.service_name', '') as api,
        coalesce(audit ->> '$.resourceName', audit ->> '$.resource_name', '') as resource_name
    from (
        select *, try_cast(payload as json) as body
        from entries
        where kind = 'audit'
    ) as entry
),

acts as (
    select
        *,
        regexp_extract(
            method,
            '(?:^|[./])(?:Services|Jobs|WorkerPools|FunctionService|CloudFunctionsService|Versions)[.]'
            || '(Create|Replace|Update|Delete)(Service|Job|WorkerPool|Function|Version)$',
            ['verb', 'target']
        ) as act,
        regexp_extract(
            method, '^io[.]k8s[.]apps[.]v1[.](?:deployments|statefulsets|daemonsets)[.](create|patch|update|delete)$', 1
        ) as workload_verb,
        regexp_extract(method, '[.]CloudBuild[.](CreateBuild|RunBuildTrigger)$', 1) as build_verb,
        struct_extract(act, 'verb') as act_verb,
        struct_extract(act, 'target') as act_target,
        coalesce(audit -> '$.request', try_cast(audit ->> '$.requestJson' as json)) as request,
        coalesce(audit -> '$.response', try_cast(audit ->> '$.responseJson' as json)) as response,
        coalesce(audit -> '$.requestMetadata', audit -> '$.request_metadata') as metadata,
        try_cast(extra as json) as around,
        audit ->> '$.status.code' as status_code,
        method like '/%' or coalesce(log_id, '') like '%system_event' as is_event
    from read
    where api in (
        '', 'run.googleapis.com', 'cloudfunctions.googleapis.com', 'appengine.googleapis.com', 'k8s.io',
        'cloudbuild.googleapis.com'
    )
),

objects as (
    select
        *,
        written_object(request) as asked,
        written_object(response) as answered
    from acts
    where (act_verb <> '' or workload_verb <> '' or build_verb <> '')
        -- a trial run changes nothing; what controllers of Kubernetes write follows from a change
        and coalesce(request ->> '$.validateOnly', '') <> 'true'
        and coalesce(request ->> '$.dryRun', '') in ('', '[]')
        and not (
            workload_verb <> '' and "user" like 'system:%'
            and ("user" not like 'system:serviceaccount:%' or "user" like 'system:serviceaccount:kube-system:%')
        )
),

written as (
    select
        *,
        written_spec(answered) is not null as is_answered,
        answered ->> '$.metadata.creationTimestamp' as made_at
    from objects
)

select
    entry_at,
    entry_key,
    -- a workload is changed in the name of its cluster
    case
        when workload_verb <> '' then coalesce(workload.service, regexp_extract(resource_name, '([^/]+)$', 1))
        else service_key
    end as service,
    project,
    location,
    case
        when workload_verb <> '' then 'workload'
        when build_verb <> '' then 'build'
        when act_target = 'WorkerPool' then 'worker pool'
        else lower(act_target)
    end as target,
    case
        when workload_verb <> '' then workload_verb
        when build_verb <> '' then 'build'
        else lower(act_verb)
    end as verb,
    method,
    resource_name,
    "user" as caller,
    coalesce(metadata ->> '$.callerSuppliedUserAgent', metadata ->> '$.caller_supplied_user_agent') as agent,
    around ->> '$.operation.id' as operation_id,
    is_event,
    case
        when coalesce(status_code, '0') <> '0'
            then coalesce(nullif(failure_message(audit ->> '$.status.message'), ''), 'status ' || status_code)
    end as failure,
    case when is_answered then answered else asked end as object,
    case
        when is_answered then concat_ws(' ', 'response', answered ->> '$.kind')
        when coalesce(written_spec(asked), asked -> '$.split', asked -> '$.traffic') is not null
            then concat_ws(' ', 'request', asked ->> '$.kind')
    end as form,
    not is_answered and (workload_verb = 'patch' or request ->> '$.updateMask' is not null) as is_patch,
    coalesce(
        nullif(regexp_extract(resource_name, '/revisions/([^/]+)$', 1), ''),
        nullif(regexp_extract(answered ->> '$.latestCreatedRevision', '([^/]+)$', 1), ''),
        case
            when answered ->> '$.status.observedGeneration' = answered ->> '$.metadata.generation'
                then answered ->> '$.status.latestCreatedRevisionName'
        end
    ) as revision_answered,
    coalesce(
        asked ->> '$.spec.template.metadata.name', asked ->> '$.template.revision',
        case when act_target = 'Version' then asked ->> '$.id' end
    ) as revision_asked,
    asked ->> '$.status.latestCreatedRevisionName' as revision_before,
    try_cast(asked ->> '$.metadata.generation' as double) as generation_before,
    coalesce(
        object ->> '$.spec.template.metadata.labels."client.knative.dev/nonce"',
        object ->> '$.metadata.labels."client.knative.dev/nonce"'
    ) as nonce,
    -- within the times that entries may have
    case
        when object ->> '$.kind' = 'Revision' and try_cast(made_at as timestamp) between '1970-01-01' and '2200-01-01'
            then try_cast(made_at as timestamp_ns)
    end as revision_made_at,
    coalesce(object ->> '$.status.imageDigest', object ->> '$.status.containerStatuses[0].imageDigest') as image_digest
from written
left join (
    select short_name, project as of_project, min(service) as service
    from identified_sources
    where kind = 'workload'
    group by all
    having count(distinct service) = 1
) as workload
    on written.workload_verb <> ''
    and regexp_extract(written.resource_name, '([^/]+)$', 1) = workload.short_name
    and written.project is not distinct from workload.of_project

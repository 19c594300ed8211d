-- What a change was made with, by how its client calls itself; Cloud Build by its account too. NULL where neither tells.
case
    when caller like '%@cloudbuild.gserviceaccount.com' or caller like '%@gcp-sa-cloudbuild.iam.gserviceaccount.com'
        or agent ilike '%cloudbuild%' or agent ilike '%cloud-build%'
        then 'Cloud Build'
    when agent ilike '%terraform%' then 'Terraform'
    when agent ilike '%pulumi%' then 'Pulumi'
    when agent ilike '%google-github-actions%' then 'GitHub Actions'
    when agent ilike '%argocd%' or agent ilike '%argo-cd%' then 'Argo CD'
    when agent ilike '%helm/%' then 'Helm'
    when agent like '%command/gcloud.%'
        then replace(regexp_extract(agent, 'command/(gcloud[a-z0-9.-]*)', 1), '.', ' ')
    when agent ilike '%google-cloud-sdk%' or agent ilike '%gcloud%' then 'gcloud'
    when agent ilike '%kubectl%' then 'kubectl'
    when agent ilike 'mozilla/%' then 'console'
    else nullif(regexp_extract(agent, '^[A-Za-z][A-Za-z0-9_.-]*'), '')
end

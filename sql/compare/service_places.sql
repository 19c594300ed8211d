-- Where services log from. Grain: service, location, project.
-- grain: service, location, project
select distinct
    service,
    coalesce(location, '') as location,
    coalesce(project, '') as project
from identified_sources
order by service, location, project

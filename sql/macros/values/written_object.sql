-- The object inside what an audited act asked for or got: a service, a job, a function, a version, a build; else the
-- whole.
case
    when json_type(body, '$.service') = 'OBJECT' then body -> '$.service'
    when json_type(body, '$.job') = 'OBJECT' then body -> '$.job'
    when json_type(body, '$.workerPool') = 'OBJECT' then body -> '$.workerPool'
    when json_type(body, '$.function') = 'OBJECT' then body -> '$.function'
    when json_type(body, '$.version') = 'OBJECT' then body -> '$.version'
    when json_type(body, '$.build') = 'OBJECT' then body -> '$.build'
    when json_type(body) = 'OBJECT' then body
end

-- The ledger of what was done on GitHub, laid when something is to be done for the first time.
create table if not exists issue_actions (
    action_id bigint primary key, done_at timestamp not null, action varchar not null, service varchar not null,
    cluster_id varchar not null, issue_number ubigint not null, url varchar not null, title varchar,
    fingerprint varchar, entry_count bigint, last_ns bigint, priority varchar, state varchar,
    revision varchar
);
-- ledgers of earlier versions
alter table issue_actions add column if not exists revision varchar;
comment on table issue_actions is 'one row per action on GitHub that succeeded: what keeps a second run from doing it again';
comment on column issue_actions.action is
    'create, comment, adopt (a comment with the marker on an issue that was only similar), reopen, edit, or found: done by a run that ended before it could be written here';
comment on column issue_actions.fingerprint is 'XXH3-64 of what was reported: count, last entry, priority, state';
comment on column issue_actions.entry_count is 'of the cluster in the archive, up to the end of the window';
comment on column issue_actions.revision is 'the newest one that the cluster was seen in';

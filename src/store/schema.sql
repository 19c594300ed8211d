-- The tables that loading fills. What people query (`entries`, `shapes`, ...) is made from them in sql/.
create type severity_name as enum (
    'DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'
);
create table meta (key varchar primary key, value varchar not null);
create table files (
    file_id uinteger primary key, path varchar, hash varchar, form varchar, bytes ubigint,
    modified_at_ns bigint, entries ubigint, duplicates ubigint, fuller_copies ubigint, rejects ubigint,
    content_bytes ubigint, entry_bytes ubigint, reject_bytes ubigint, separator_bytes ubigint,
    without_payload ubigint, first_at timestamp_ns, last_at timestamp_ns, faults varchar[],
    notes varchar, loaded_at timestamp
);
comment on table files is 'one row per file content that was loaded: the ledger';
comment on column files.hash is 'XXH3-128 of the bytes as stored';
comment on column files.duplicates is 'entries of this file that were loaded before, from this file or another';
comment on column files.fuller_copies is 'of the duplicates, those that replaced a less complete copy';
comment on column files.content_bytes is
    'bytes after decompression; entry_bytes (copies included), reject_bytes and separator_bytes add up to it';
comment on column files.separator_bytes is 'what stands between entries, and around them in a client''s dump';
comment on column files.notes is 'what the file says of its collection outside the entries (JSON)';
create table file_spans (
    file_id uinteger, severity severity_name, entry_count ubigint, first_at timestamp_ns,
    last_at timestamp_ns, is_newest_first boolean
);
comment on table file_spans is 'what each file held of each severity when it was read, copies included';
create table rejects (
    file_id uinteger, line ubigint, byte_offset ubigint, bytes ubigint, piece_count ubigint, reason varchar,
    raw varchar
);
comment on table rejects is 'one row per piece that is no readable entry';
comment on column rejects.byte_offset is 'in the content, decompressed, from 0';
comment on column rejects.piece_count is 'mostly 1; items of a long list that holds no entries share a row beyond 1,000';
comment on column rejects.raw is 'the piece as it stands, up to 2,000 bytes';
-- zstd where values hardly repeat: half the time and less room than what DuckDB chooses by itself (measured)
create table raw_entries (
    entry_at timestamp_ns not null, received_at timestamp_ns, severity severity_name not null,
    level severity_name, level_source varchar, source_id ubigint not null, label_set_id ubigint,
    call_site_id ubigint, kind varchar not null, shape_id varchar, insert_id varchar using compression uncompressed,
    trace varchar using compression zstd, span varchar using compression zstd,
    message varchar using compression zstd, "user" varchar, http_method varchar, http_status usmallint,
    http_url varchar using compression zstd, http_latency_ns bigint, http_user_agent varchar,
    payload varchar using compression zstd, extra varchar,
    fullness uinteger not null, entry_key ubigint not null, file_id uinteger not null, line ubigint not null
);
comment on column raw_entries.level_source is
    'how the level is known: `payload`, `text` (its head), `content` (a trace, a sign) or `wording`';
create table counted_entries (
    source_id ubigint, severity severity_name, level severity_name, kind varchar, shape_id varchar,
    http_status usmallint, minute_ns bigint, entry_count ubigint, first_at timestamp_ns, last_at timestamp_ns,
    smallest_instance_id varchar, greatest_instance_id varchar, smallest_insert_id varchar
);
comment on table counted_entries is
    'entries that an engine counted in place, by the minute: empty where all were loaded';
create table counted_latencies (source_id ubigint, minute_ns bigint, latency_step integer, entry_count ubigint);
create table counted_instances (
    service varchar, instance_id varchar, revision varchar, first_at timestamp_ns, last_at timestamp_ns,
    entry_count ubigint, announced_at timestamp_ns, first_line_at timestamp_ns, last_line_at timestamp_ns
);
create table counted_minutes (service varchar, revision varchar, minute_ns bigint, instance_count ubigint);
create table sources (
    source_id ubigint primary key, project varchar, resource_type varchar, service varchar,
    revision varchar, location varchar, log_id varchar, kind varchar, place varchar, instance_id varchar,
    filter varchar, resource_labels varchar
);
comment on table sources is 'where entries come from: a row per distinct resource and log';
comment on column sources.service is 'the short name; `identified_sources` has the one that is unique';
comment on column sources.instance_id is 'of the resource; for others `label_sets` has it';
comment on column sources.filter is 'a filter of the Logs Explorer that finds the service';
create table worklogs (
    service varchar, window_from_at timestamp_ns, window_to_at timestamp_ns, focus varchar, path varchar,
    cluster_count uinteger, generated_at timestamp_ns, fingerprint varchar
);
comment on table worklogs is 'one row per worklog that was written';
comment on column worklogs.fingerprint is 'of a history: what it was made of; while that stays, it is not written again';
-- no key: functions have a set for each execution, and an index is held in memory as a whole
create table label_sets (label_set_id ubigint not null, instance_id varchar, labels varchar);
create table call_sites (
    call_site_id ubigint primary key, call_module varchar, call_function varchar, call_line uinteger
);
create table raw_shapes (shape_id varchar primary key, kind varchar, text varchar);

#!/usr/bin/env python3
"""Loads log entries (NDJSON in LogEntry's names) into a BigQuery emulator on this machine.

    bigquery_tables.py ENTRIES.ndjson [--endpoint http://127.0.0.1:9050] [--project test] [--repeat N] [--upload]

Makes two datasets:
    logs       one table per log, with the columns that a Cloud Logging sink makes, partitioned on `timestamp`
               (`--sharded`: one table per log and day as well, `run_googleapis_com_stdout_20250912`)
    analytics  `_AllLogs`, with the columns of a Log Analytics view

`--repeat N` writes every entry N times, each copy an hour later, with its own insertId.
Only Python's standard library is used. By default the emulator reads the files itself (`file://`), so it has to
run on this machine; `--upload` sends them instead, as to the real service (slower, and held in memory).
"""

import argparse
import http.client
import json
import os
import re
import sys
import tempfile
import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

NAME = re.compile(r"[^A-Za-z0-9_]")


class Server:
    def __init__(self, endpoint, project):
        self.address = urlsplit(endpoint).netloc
        self.project = project

    def call(self, method, path, body=None, kind="application/json", prefix=""):
        connection = http.client.HTTPConnection(self.address, timeout=600)
        data = json.dumps(body) if isinstance(body, (dict, list)) else body
        url = f"{prefix}/bigquery/v2/projects/{self.project}{path}"
        connection.request(method, url, data, {"Content-Type": kind})
        answer = connection.getresponse()
        text = answer.read()
        try:
            value = json.loads(text) if text else {}
        except ValueError:
            value = {"error": {"message": text.decode(errors="replace")[:500]}}
        return answer.status, value

    def must(self, *args, accept=(), **more):
        status, value = self.call(*args, **more)
        if status >= 300 and status not in accept:
            sys.exit(f"bigquery_tables.py: {args[0]} {args[1]}: {status} {value}")
        error = value.get("status", {}).get("errorResult")
        if error:
            sys.exit(f"bigquery_tables.py: {args[0]} {args[1]}: {error}")
        return value

    def make(self, dataset, table, fields, partitioned):
        reference = {"projectId": self.project, "datasetId": dataset}
        self.must("POST", "/datasets", {"datasetReference": reference}, accept=(409,))
        self.call("DELETE", f"/datasets/{dataset}/tables/{table}")
        body = {"tableReference": reference | {"tableId": table}, "schema": {"fields": fields}}
        if partitioned:
            body["timePartitioning"] = {"type": "DAY", "field": "timestamp"}
        self.must("POST", f"/datasets/{dataset}/tables", body)

    def load(self, dataset, table, path, upload):
        target = {"projectId": self.project, "datasetId": dataset, "tableId": table}
        load = {"destinationTable": target, "sourceFormat": "NEWLINE_DELIMITED_JSON",
                "writeDisposition": "WRITE_APPEND", "createDisposition": "CREATE_NEVER"}
        if not upload:
            load["sourceUris"] = [f"file://{path}"]
            return self.must("POST", "/jobs", {"configuration": {"load": load}})
        edge = "entries-of-a-log"
        head = json.dumps({"configuration": {"load": load}})
        with open(path, "rb") as file:
            media = file.read()
        body = (f"--{edge}\r\nContent-Type: application/json\r\n\r\n{head}\r\n--{edge}\r\n"
                "Content-Type: application/octet-stream\r\n\r\n").encode() + media + f"\r\n--{edge}--\r\n".encode()
        return self.must("POST", "/jobs?uploadType=multipart", body=body,
                         kind=f"multipart/related; boundary={edge}", prefix="/upload")


# the columns of a sink ---------------------------------------------------------------------------------------------

def column(key):
    name = NAME.sub("_", key)
    return "_" + name if name[:1].isdigit() else name


def renamed(value):
    """A payload's members under names that a column can have."""
    if isinstance(value, dict):
        return {column(key): renamed(inner) for key, inner in value.items()}
    return [renamed(inner) for inner in value] if isinstance(value, list) else value


def micros(text):
    """A time cut to the microseconds that BigQuery keeps."""
    if text.endswith("Z") and len(text) > 27:
        return text[:26] + "Z"
    return text


def seconds(text):
    return float(text.rstrip("s"))


AUDIT_AS_TEXT = {"request": "requestJson", "response": "responseJson", "metadata": "metadataJson",
                 "serviceData": "servicedata_v1_bigquery"}


def audit(payload):
    row = {}
    for key, value in payload.items():
        if key in AUDIT_AS_TEXT:
            row[AUDIT_AS_TEXT[key]] = json.dumps(value)
        elif key != "@type":
            row[key] = renamed(value)
    return row


def as_sink(entry):
    row = {}
    for key, value in entry.items():
        if key in ("timestamp", "receiveTimestamp"):
            row[key] = micros(value)
        elif key == "labels":
            row[key] = {column(name).lower(): text for name, text in value.items()}
        elif key == "httpRequest":
            request = dict(value)
            for name in ("requestSize", "responseSize", "cacheFillBytes"):
                if name in request:
                    request[name] = int(request[name])
            if "latency" in request:
                request["latency"] = seconds(request["latency"])
            row[key] = request
        elif key == "protoPayload":
            if value.get("@type", "").endswith("AuditLog"):
                row["protopayload_auditlog"] = audit(value)
        elif key in ("jsonPayload", "resource", "operation", "sourceLocation", "split"):
            row[key] = renamed(value)
        else:
            row[key] = value
    return row


KNOWN_TYPES = {"timestamp": "TIMESTAMP", "receiveTimestamp": "TIMESTAMP",
               "httpRequest.status": "INTEGER", "httpRequest.requestSize": "INTEGER",
               "httpRequest.responseSize": "INTEGER", "httpRequest.latency": "FLOAT",
               "sourceLocation.line": "INTEGER", "split.index": "INTEGER", "split.totalSplits": "INTEGER",
               "protopayload_auditlog.status.code": "INTEGER"}


class Kind:
    """What values a column has had."""
    __slots__ = ("fields", "type", "repeated")

    def __init__(self):
        self.fields, self.type, self.repeated = {}, None, False

    def see(self, value):
        if isinstance(value, dict):
            fields = self.fields
            for key, inner in value.items():
                kind = fields.get(key)
                if kind is None:
                    kind = fields[key] = Kind()
                kind.see(inner)
        elif isinstance(value, list):
            self.repeated = True
            for inner in value:
                self.see(inner)
        elif value is not None:
            seen = "BOOLEAN" if isinstance(value, bool) else "STRING" if isinstance(value, str) else "FLOAT"
            self.type = seen if self.type in (None, seen) else "STRING"

    def schema(self, name, path):
        field = {"name": name, "mode": "REPEATED" if self.repeated else "NULLABLE"}
        inner = [kind.schema(key, f"{path}.{key}") for key, kind in self.fields.items()]
        inner = [one for one in inner if one]
        if inner and self.type is None:
            return field | {"type": "RECORD", "fields": inner}
        if self.type is None and not inner:
            return None
        return field | {"type": KNOWN_TYPES.get(path, "STRING" if inner else self.type)}


# the columns of Log Analytics --------------------------------------------------------------------------------------

def of(kind, *names):
    return [{"name": name, "type": kind, "mode": "NULLABLE"} for name in names]


def record(name, *fields):
    return {"name": name, "type": "RECORD", "mode": "NULLABLE", "fields": [one for group in fields for one in group]}


ALL_LOGS = [
    *of("STRING", "log_name", "log_id", "text_payload"),
    *of("JSON", "json_payload", "proto_payload", "labels"),
    *of("STRING", "insert_id", "severity"), *of("INTEGER", "severity_number"),
    *of("TIMESTAMP", "timestamp", "receive_timestamp"),
    record("resource", of("STRING", "type"), of("JSON", "labels")),
    record("http_request", of("STRING", "request_method", "request_url"), of("INTEGER", "request_size", "status",
           "response_size"), of("STRING", "user_agent", "remote_ip", "server_ip", "referer"),
           [record("latency", of("INTEGER", "seconds", "nanos"))],
           of("BOOLEAN", "cache_lookup", "cache_hit", "cache_validated_with_origin_server"),
           of("INTEGER", "cache_fill_bytes"), of("STRING", "protocol")),
    *of("STRING", "trace", "span_id"), *of("BOOLEAN", "trace_sampled"),
    record("source_location", of("STRING", "file"), of("INTEGER", "line"), of("STRING", "function")),
    record("operation", of("STRING", "id", "producer"), of("BOOLEAN", "first", "last")),
    record("split", of("STRING", "uid"), of("INTEGER", "index", "total_splits")),
]
SEVERITIES = {"DEFAULT": 0, "DEBUG": 100, "INFO": 200, "NOTICE": 300, "WARNING": 400, "ERROR": 500,
              "CRITICAL": 600, "ALERT": 700, "EMERGENCY": 800}
SNAKE = {"logName": "log_name", "insertId": "insert_id", "textPayload": "text_payload", "jsonPayload": "json_payload",
         "protoPayload": "proto_payload", "receiveTimestamp": "receive_timestamp", "httpRequest": "http_request",
         "spanId": "span_id", "traceSampled": "trace_sampled", "sourceLocation": "source_location",
         "requestMethod": "request_method", "requestUrl": "request_url", "requestSize": "request_size",
         "responseSize": "response_size", "userAgent": "user_agent", "remoteIp": "remote_ip", "serverIp": "server_ip",
         "totalSplits": "total_splits", "cacheLookup": "cache_lookup", "cacheHit": "cache_hit",
         "cacheFillBytes": "cache_fill_bytes",
         "cacheValidatedWithOriginServer": "cache_validated_with_origin_server"}


def as_analytics(entry):
    row = {SNAKE.get(key, key): value for key, value in entry.items()}
    row["timestamp"] = micros(row["timestamp"])
    if "receive_timestamp" in row:
        row["receive_timestamp"] = micros(row["receive_timestamp"])
    row["log_id"] = row.get("log_name", "").rpartition("/logs/")[2].replace("%2F", "/")
    row["severity"] = row.get("severity", "DEFAULT")
    row["severity_number"] = SEVERITIES.get(row["severity"], 0)
    if "http_request" in row:
        request = {SNAKE.get(key, key): value for key, value in row["http_request"].items()}
        for name in ("request_size", "response_size", "cache_fill_bytes"):
            if name in request:
                request[name] = int(request[name])
        if "latency" in request:
            whole, _, part = request["latency"].rstrip("s").partition(".")
            request["latency"] = {"seconds": int(whole), "nanos": int(part.ljust(9, "0"))}
        row["http_request"] = request
    if "split" in row:
        row["split"] = {SNAKE.get(key, key): value for key, value in row["split"].items()}
    return row


# -------------------------------------------------------------------------------------------------------------------

def entries(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if not line:
                continue
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and "timestamp" in entry:
                yield entry


def copies(entry, repeat):
    """When each copy is, and what its insertId ends in."""
    yield micros(entry["timestamp"]), ""
    at, rest = datetime.fromisoformat(entry["timestamp"][:19]), micros(entry["timestamp"])[19:]
    for copy in range(1, repeat):
        yield (at + timedelta(hours=copy)).isoformat() + rest, f"-{copy}"


def lines(row, name, times):
    """A row's line for every copy; it is encoded only once."""
    row["timestamp"] = "<at>"
    if name in row:
        row[name] += "<copy>"
    line = COMPACT(row) + "\n"
    for at, copy in times:
        yield at, line.replace("<at>", at, 1).replace("<copy>", copy, 1)


COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("entries")
    parser.add_argument("--endpoint", default="http://127.0.0.1:9050")
    parser.add_argument("--project", default="test")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--upload", action="store_true")
    parser.add_argument("--sharded", action="store_true")
    parser.add_argument("--form", choices=("both", "sink", "analytics"), default="both")
    options = parser.parse_args()
    server, began = Server(options.endpoint, options.project), time.monotonic()

    with tempfile.TemporaryDirectory(prefix="entries-") as folder:
        os.chmod(folder, 0o755)  # the emulator may run as another user
        sinks, files, kinds, count = {}, {}, {}, 0

        def writer(table):
            if table not in files:
                files[table] = open(os.path.join(folder, table + ".ndjson"), "w", encoding="utf-8")
            return files[table]

        for entry in entries(options.entries):
            times = list(copies(entry, options.repeat))
            count += len(times)
            if options.form != "analytics":
                log = entry.get("logName", "unknown")
                table = sinks.get(log)
                if table is None:
                    table = sinks[log] = column(log.rpartition("/logs/")[2].replace("%2F", "_"))
                    kinds[table] = Kind()
                row = as_sink(entry)
                kinds[table].see(row)
                for at, line in lines(row, "insertId", times):
                    writer(table).write(line)
                    if options.sharded:
                        writer(f"{table}_{at[:10].replace('-', '')}").write(line)
            if options.form != "sink":
                writer("_AllLogs").writelines(line for _, line in lines(as_analytics(entry), "insert_id", times))
        for file in files.values():
            file.close()
        written = time.monotonic()
        for table in files:
            if table == "_AllLogs":
                dataset, fields = "analytics", ALL_LOGS
            else:
                shape = kinds.get(table) or kinds[table[:-9]]
                dataset = "logs"
                fields = [one for one in (kind.schema(key, key) for key, kind in shape.fields.items()) if one]
            server.make(dataset, table, fields, partitioned=table in kinds)
            server.load(dataset, table, os.path.join(folder, table + ".ndjson"), options.upload)
            print(f"{options.project}.{dataset}.{table}")
        done = time.monotonic()
    print(f"{count} entries: written in {written - began:.1f} s, loaded in {done - written:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

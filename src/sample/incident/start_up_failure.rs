//! A start that fails: migrations, eight seconds of waiting for the store, a trace of four exceptions, the end.

use serde_json::json;

use super::super::clock::{MICRO, MILLI, SECOND};
use super::super::rng::Rng;
use super::dump::{Dump, Site};
use super::plan::{Plan, Start};

const MIGRATE: Site = Site { module: "ferry_api.boot.schema", function: "_migrate_or_go_on", line: 118 };
const GO_ON: Site = Site { module: "ferry_api.boot.schema", function: "_migrate_or_go_on", line: 121 };
const OPEN_STORE: Site = Site { module: "ferry_api.boot.store", function: "open_store", line: 203 };
const END_PHASE: Site = Site { module: "ferry_api.boot.phases", function: "_end_phase", line: 88 };
const LOGGER: Site = Site { module: "logging", function: "_log", line: 1634 };
const SERVER: Site = Site { module: "ferry_server.lifespan", function: "run", line: 57 };

const TIMEOUT: &str = "Store was not ready within 20.0 s (environment demo), is the database reachable at the socket that DB_SOCKET names?";

/// How each ERROR of a failing start begins, in their order
#[cfg(test)]
pub(super) const ERRORS: [&str; 7] = [
    "Schema migration stopped",
    "Store was not ready",
    "PHASE STORE ended in failure",
    "Traceback (most recent call last)",
    "start-up hook raised",
    "Boot given up after phase STORE",
    "The application could not start",
];

pub(super) fn tell(plan: &Plan, dump: &mut Dump, rng: &mut Rng) {
    for (start, failed_at) in plan.failures() {
        fail(dump, rng, start, failed_at);
    }
    // of all exits, the platform noted one
    if let Some((start, failed_at)) = plan.failures().nth(3) {
        dump.system(gave_up_at(failed_at) + 3_412_870 * MICRO, start, "WARNING", "Container called exit(1).");
    }
}

/// When a start whose migrations broke at that time writes its last line
pub(super) fn gave_up_at(failed_at: i64) -> i64 {
    failed_at + 8_200 * MILLI + 14_903 * MICRO
}

fn fail(dump: &mut Dump, rng: &mut Rng, start: &Start, failed_at: i64) {
    let context = json!({"context": {"name": "ferry_api.boot", "service": "ferry-api"}});
    let migration = "Schema migration stopped: (OperationalError) socket \
                     \"/cloudsql/ferry-demo:europe-north1:ferry-store/.s.PGSQL.5432\" was closed by the server\\n\
                     \tbefore the first statement was answered\\n\\n(step 0042_add_berth_index)";
    dump.message_with(failed_at, start, "ERROR", &MIGRATE, migration, context.clone());
    let went_on_at = failed_at + rng.between(90, 390) * MICRO;
    dump.message_with(went_on_at, start, "WARNING", &GO_ON, "Going on with the schema as it is", context.clone());
    let cookie = "Cookie domain is not the public host (tolerated outside production): \
                  https://app.ferry.example/login against https://app.ferry.example";
    dump.message(went_on_at + rng.between(18_200, 21_600) * MICRO, start, "WARNING", &LOGGER, cookie);

    let timed_out_at = failed_at + 8 * SECOND + rng.between(0, 2_400) * MICRO;
    dump.message_with(timed_out_at, start, "ERROR", &OPEN_STORE, TIMEOUT, context.clone());
    let phase = format!("PHASE STORE ended in failure: {TIMEOUT}");
    dump.message_with(timed_out_at + rng.between(700, 1_300) * MICRO, start, "ERROR", &END_PHASE, &phase, context);

    let gave_up_at = gave_up_at(failed_at);
    dump.message(gave_up_at - 14_903 * MICRO, start, "ERROR", &LOGGER, &trace());
    let hook = format!("start-up hook raised BootError: phase STORE: {TIMEOUT}");
    let error = json!({"error": {"type": "BootError", "value": TIMEOUT, "traceback": null}});
    dump.message_with(gave_up_at - 1_214 * MICRO, start, "ERROR", &SERVER, &hook, error);
    dump.message(
        gave_up_at - 480 * MICRO,
        start,
        "ERROR",
        &END_PHASE,
        "Boot given up after phase STORE, 3 phases left undone",
    );
    dump.message(gave_up_at, start, "ERROR", &SERVER, "The application could not start, leaving now");
}

/// Four exceptions in a chain, in one message with `\n` spelled out, as a formatter that escapes twice leaves it
fn trace() -> String {
    let frame = |file: &str, line: u32, function: &str, code: &str| {
        format!("  File \"{file}\", line {line}, in {function}\n    {code}\n")
    };
    let during = "\nDuring handling of the above exception, another exception occurred:\n\n";
    let cause = "\nThe above exception was the direct cause of the following exception:\n\n";
    let head = "Traceback (most recent call last):\n";
    let site = "/opt/venv/lib/python3.12/site-packages";
    let text = [
        head,
        &frame("/srv/ferry_api/boot/store.py", 167, "_first_connection", "connection = await self.pool.take()"),
        &frame(&format!("{site}/harbour_pool/pool.py"), 288, "take", "await self._slots.wait_for_one()"),
        &frame("/usr/lib/python3.12/asyncio/locks.py", 386, "acquire", "await fut"),
        "asyncio.exceptions.CancelledError\n",
        during,
        head,
        &frame("/srv/ferry_api/boot/store.py", 196, "open_store", "async with asyncio.timeout(self.patience):"),
        &frame("/usr/lib/python3.12/asyncio/timeouts.py", 115, "__aexit__", "raise TimeoutError from exc_val"),
        "TimeoutError\n",
        cause,
        head,
        &frame("/srv/ferry_api/boot/phases.py", 61, "run_phase", "await phase.body(self.app)"),
        &frame("/srv/ferry_api/boot/store.py", 205, "open_store", "raise StoreUnavailable(message) from error"),
        &format!("ferry_api.boot.errors.StoreUnavailable: {TIMEOUT}\n"),
        cause,
        head,
        &frame(&format!("{site}/ferry_server/lifespan.py"), 44, "run", "await self.hooks.start_up()"),
        &frame("/srv/ferry_api/main.py", 73, "start_up", "await boot.run_all()"),
        &frame("/srv/ferry_api/boot/phases.py", 94, "run_all", "raise BootError(phase, error) from error"),
        &format!("ferry_api.boot.errors.BootError: phase STORE: {TIMEOUT}\n"),
    ]
    .concat();
    text.replace('\n', "\\n")
}

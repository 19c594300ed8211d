//! What every start warns of once; it looks like a stream where starts are many.

use super::super::clock::MICRO;
use super::super::rng::Rng;
use super::dump::{Dump, Site};
use super::plan::Plan;

const ROUTES: Site = Site { module: "ferry_api.routing.table", function: "collect", line: 73 };
const SETTINGS: Site = Site { module: "ferry_api.settings", function: "read_clean", line: 41 };
/// A call site that says nothing: the logger's own
const LOGGER: Site = Site { module: "logging", function: "_log", line: 1634 };

pub(super) fn tell(plan: &Plan, dump: &mut Dump, rng: &mut Rng) {
    for start in &plan.starts {
        let mut now = start.began_at;
        let routes = "Two handlers claim one route, the later one wins: \
                      ['ferry_api.routes.berths.list_berths', 'ferry_api.routes.legacy.list_berths']";
        dump.message(now, start, "WARNING", &ROUTES, routes);
        now += rng.between(1_900_000, 2_400_000) * MICRO;
        let name = "Setting HARBOUR_CODE ends in a line break: 'FER-01\\n' is read as 'FER-01'";
        dump.message(now, start, "WARNING", &SETTINGS, name);
        now += rng.between(2_000_000, 2_600_000) * MICRO;
        let exporter = "No exporter for measurements: install ferry-metrics[otlp] to send them";
        dump.message(now, start, "WARNING", &LOGGER, exporter);
    }
}

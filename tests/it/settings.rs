//! Settings are a value: what one archive is configured with does not reach another in the same process.

use std::path::Path;

use log_gardener::{
    archive,
    config::Config,
    report::writer::{Output, WorklogFormat, write_window},
    time::period::WindowArgs,
};

use super::support::{AS_OF, Garden};

/// The worklogs of a garden, written in this process by the configuration that lies in it.
fn worklogs(garden: &Garden, config: &Config) -> Vec<String> {
    let connection = archive::open(&garden.path("garden.duckdb"), None, config).unwrap();
    archive::build(&connection, config, true).unwrap();
    let output = Output { out: garden.path("mine"), format: vec![WorklogFormat::Md] };
    let window = WindowArgs { as_of: Some(AS_OF.into()), ..WindowArgs::default() };
    let paths = write_window(&connection, config, &window, &output, true).unwrap();
    paths.paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn two_archives_with_different_settings_are_rendered_in_one_process() {
    let (own, plain) = (Garden::of(&["incident.json"], &[]), Garden::of(&["incident.json"], &[]));
    for folder in ["pages/partials", "models/report"] {
        std::fs::create_dir_all(own.path(folder)).unwrap();
    }
    own.write("pages/partials/summary.md", "OUR OWN SUMMARY\n");
    own.write(
        "models/report/hints.sql",
        "select window_id, lead_id, list_name, hint, entry_count, place from cluster_hints where false",
    );
    let settings =
        "version = 1\n[settings]\nminimum_severity = \"ERROR\"\ntemplates = \"pages\"\nmodels = \"models\"\n";
    let path = own.write("own.toml", settings);
    let (ours, theirs) = (Config::load(Some(Path::new(&path))).unwrap(), Config::built_in().unwrap());

    let before = worklogs(&plain, &theirs);
    let custom = worklogs(&own, &ours);
    let after = worklogs(&plain, &theirs);

    assert!(custom.iter().all(|text| text.contains("OUR OWN SUMMARY")), "{custom:?}");
    assert!(!before.iter().any(|text| text.contains("OUR OWN SUMMARY")));
    assert!(before.iter().any(|text| text.contains("WARNING")), "{before:?}");
    assert_eq!(before, after);
}

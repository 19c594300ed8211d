//! What the archive `incident.json` lets a reader infer, as a careful one would.
//!
//! Nine instances fail to start; the collection stopped at 50 entries a severity, so two are seen whole.

use super::support::{AS_OF, Garden, Worklog};

fn worklog() -> Worklog {
    Garden::of(&["incident.json"], &["--as-of", AS_OF]).worklog("latest")
}

#[test]
fn a_collection_cut_at_a_round_number_per_severity_is_said() {
    let worklog = worklog();
    let coverage = worklog.section("## Coverage");
    assert!(coverage.contains("| ERROR 2025-10-06T09:40:31Z (50), WARNING 2025-10-06T09:36:40Z (50) |"), "{coverage}");
    assert!(coverage.contains("as round as a limit, and entries stand newest first"));
    let known = "**Known in part:** the file is cut by the collection, so counts are lower bounds; nothing was collected from before the window.";
    assert!(worklog.section("## Executive Summary").contains(known));
}

#[test]
fn starts_that_fail_are_one_cluster_in_their_order() {
    let worklog = worklog();
    let cluster = worklog.cluster(1);
    assert!(cluster.starts_with("## Issue Cluster 1: Start-up fails: Store was not ready"), "{cluster}");
    assert!(cluster.contains("(P0)"));
    let cascade = worklog.section("### Cascade");
    let rows: Vec<&str> = cascade.lines().filter(|line| line.starts_with("- ")).collect();
    assert!(rows[0].starts_with("- first: "), "{cascade}");
    assert!(rows[1].contains("WARNING") && rows[1].contains("Going on with the schema as it is"));
    assert!(rows[2].starts_with("- 8.0 s: "));
    assert!(rows.last().unwrap().starts_with("- 8.2 s: "));
    // the page has all of them
    let steps = worklog.page.split("<h3>Cascade</h3>").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!(steps.matches("</a> of 2</td>").count(), 8, "{steps}");
}

#[test]
fn one_incident_whole_and_others_cut_off_are_told_apart() {
    let worklog = worklog();
    let cascade = worklog.section("### Cascade");
    assert!(cascade.contains("2 incidents seen, on 2 instances (…07dc14, …e2ad70), 32.2 s from one to the next"));
    assert!(cascade.contains("7 more incidents"), "{cascade}");
    assert!(cascade.contains("likely the same failure, and the entries that would prove it are not in the data"));
}

#[test]
fn requests_that_end_together_follow_the_instance_they_waited_for() {
    let worklog = worklog();
    let cluster = worklog.cluster(2);
    assert!(cluster.contains("**Follows cluster 1**"), "{cluster}");
    assert!(cluster.contains("in 36 of 36 entries the request ends 1.2 s after its failure on the instance"));
    assert!(cluster.contains("36 × GET `https://api.ferry.example/health`, status 503"));
    assert!(cluster.contains("**all ended within 4.8 ms**"));
    let own = worklog.page.split("id=\"cluster-2\"").nth(1).unwrap();
    assert!(own.split("</dl>").next().unwrap().contains("follows a cluster of P0"));
    assert!(worklog.cluster(1).contains("**Followed by cluster 2**"));
}

#[test]
fn warnings_of_every_start_are_no_stream() {
    let worklog = worklog();
    let cluster = worklog.section("## Issue Cluster 4: Warnings of every start-up (P3)");
    assert!(cluster.contains("once a start"));
    assert!(cluster.contains("counts follow the number of starts"));
    assert!(cluster.contains("on 12 instances"));
    assert!(worklog.section("## Issue Cluster 5: Deployments (P4)").contains("6 entries"));
}

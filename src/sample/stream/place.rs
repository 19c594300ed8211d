//! Where entries come from: four services, eight revisions, three instances each, their JSON rendered once.

use super::super::rng::Rng;

pub(super) const PROJECT: &str = "harbor-production";

/// A revision's suffix, and the share of the archive (in a thousand) at which it begins
type Revision = (&'static str, u64);

/// Name, how often it is drawn in a hundred, and the revisions
const SERVICES: [(&str, u64, &[Revision]); 4] = [
    ("harbor-api", 48, &[("00117-bdf", 0), ("00118-kmz", 350), ("00119-tqn", 700)]),
    ("harbor-auth", 22, &[("00052-pls", 0), ("00053-wcj", 500)]),
    ("harbor-jobs", 19, &[("00034-gth", 0), ("00035-rxv", 600)]),
    ("harbor-search", 11, &[("00019-nnd", 0)]),
];

/// The revision under which one error comes much more often
const WORSE: &str = "00119-tqn";

const INSTANCES: usize = 3;

pub(super) struct Place {
    pub service: &'static str,
    pub is_worse: bool,
    /// From the labels to the start of the log's id
    pub labels: Vec<u8>,
    /// From the end of the receive time to the start of the severity, or of what stands in its place
    pub resource: Vec<u8>,
}

struct Service {
    revision: usize,
    places: Vec<Place>,
}

pub(super) struct Cast {
    services: Vec<Service>,
}

impl Cast {
    pub(super) fn new(rng: &mut Rng) -> Self {
        let first = |service| (0..INSTANCES).map(|_| place(service, 0, rng)).collect();
        let places: Vec<Vec<Place>> = (0..SERVICES.len()).map(first).collect();
        Cast { services: places.into_iter().map(|places| Service { revision: 0, places }).collect() }
    }

    pub(super) fn draw(&self, rng: &mut Rng) -> (usize, usize) {
        let mut ticket = rng.below(100);
        let mut service = 0;
        while ticket >= SERVICES[service].1 {
            ticket -= SERVICES[service].1;
            service += 1;
        }
        (service, rng.below(INSTANCES as u64) as usize)
    }

    pub(super) fn place(&self, service: usize, instance: usize) -> &Place {
        &self.services[service].places[instance]
    }

    pub(super) fn instance_count(&self, service: usize) -> usize {
        self.services[service].places.len()
    }

    /// A new instance takes the place of an old one
    pub(super) fn renew(&mut self, service: usize, instance: usize, rng: &mut Rng) {
        let revision = self.services[service].revision;
        self.services[service].places[instance] = place(service, revision, rng);
    }

    /// The service whose next revision is due, which is then the one that new instances get
    pub(super) fn roll_out(&mut self, index: u64, count: u64) -> Option<usize> {
        let service = self.services.iter().enumerate().position(|(number, service)| {
            let next = SERVICES[number].2.get(service.revision + 1);
            next.is_some_and(|(_, begins)| u128::from(index) * 1_000 >= u128::from(count) * u128::from(*begins))
        })?;
        self.services[service].revision += 1;
        Some(service)
    }
}

fn place(service: usize, revision: usize, rng: &mut Rng) -> Place {
    let (name, _, revisions) = SERVICES[service];
    let suffix = revisions[revision].0;
    let instance_id = rng.hex(150);
    Place {
        service: name,
        is_worse: suffix == WORSE,
        labels: format!(
            "\"labels\":{{\"instanceId\":\"00d41ba96e{instance_id}\",\"release-train\":\"2025-10\"}},\
             \"logName\":\"projects/{PROJECT}/logs/"
        )
        .into_bytes(),
        resource: resource(name, &format!("{name}-{suffix}"), name).into_bytes(),
    }
}

pub(super) fn resource(service: &str, revision: &str, configuration: &str) -> String {
    format!(
        "\",\"resource\":{{\"labels\":{{\"configuration_name\":\"{configuration}\",\"location\":\"europe-west1\",\
         \"project_id\":\"{PROJECT}\",\"revision_name\":\"{revision}\",\"service_name\":\"{service}\"}},\
         \"type\":\"cloud_run_revision\"}},"
    )
}

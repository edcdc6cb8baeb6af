//! Where requests go, held against AWS's own endpoint rules in botocore.

use landing::cloud::{Hosts, Service};
use landing::model::{global_region, partition_of};

use super::python;

/// Whether landing calls a service there: of some a partition has one, in a region that is not always the global one.
fn is_called(service: Service, region: &str) -> bool {
    let partition = partition_of(region);
    match service {
        Service::ACCOUNT | Service::RAM | Service::TAGGING => region == global_region(partition),
        Service::NETWORK_MANAGER if partition == "aws" => region == "us-west-2",
        Service::NETWORK_MANAGER => region == global_region(partition),
        _ => true,
    }
}

/// There are hosts of FIPS 140 in the United States and Canada alone; the rules have names for all partitions.
/// <https://aws.amazon.com/compliance/fips/>
fn is_offered(region: &str, hosts: Hosts) -> bool {
    !hosts.fips || matches!(partition_of(region), "aws" | "aws-us-gov")
}

#[test]
fn every_service_is_called_where_aws_has_it() {
    let Some(environment) = python::environment() else { return };
    let rules = python::json(environment.script("endpoints.py").args(Service::ALL.map(|service| service.id())));
    let (mut compared, mut wrong) = (0, Vec::new());
    for service in Service::ALL {
        let regions = rules[service.id()].as_object().expect("it is in botocore");
        for (region, urls) in regions.iter().filter(|(region, _)| is_called(service, region)) {
            for (kind, url) in urls.as_object().expect("each kind of host") {
                let hosts = Hosts { fips: kind.contains("fips"), dual_stack: kind.contains("dual_stack") };
                let Some(url) = url.as_str().filter(|_| is_offered(region, hosts)) else { continue };
                compared += 1;
                let ours = service.endpoint(region, hosts);
                if ours != url {
                    wrong.push(format!("{} {region} {kind}: {ours}, not {url}", service.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 400, "{compared}");
}

//! Availability zones that lack the service of an interface endpoint: a stack that is to have the endpoint there fails.
//! <https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html#considerations-interface-endpoints>

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::site::{Purpose, Site, access};
use crate::facts::Look;
use crate::kinds::read::{EndpointServicesIn, Seen, StacksIn};
use crate::kinds::shared::deployed::resources;
use crate::model::{Address, Desired, Note, Observed, Presence, Refusal, Wanted};

/// The IAM action that looking takes.
pub(in crate::kinds) const READS: [&str; 1] = ["ec2:DescribeVpcEndpointServices"];

/// Looks where the services are of the endpoints that stacks are about to make: once it is known which are.
pub(in crate::kinds) fn recognize(desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
    if !look.misses_nothing() {
        return;
    }
    for wanted in desired.of_kind("stack").filter(|wanted| wanted.presence == Presence::Present) {
        let Some(site) = wanted.parent.as_ref().and_then(|account| Site::of(&wanted.address, account)) else {
            continue;
        };
        let endpoints = Endpoints::of(wanted, &site.region);
        if endpoints.services.is_empty() || !is_missing(wanted, &site, desired, look, observed) {
            continue;
        }
        let Some(known) = look.at(EndpointServicesIn(site.region.clone())) else { continue };
        let lacking = endpoints.lacking(known);
        if lacking.is_empty() {
            continue;
        }
        match endpoints.zones.is_empty() {
            false => observed.findings.refusals.push(refusal(&wanted.address, &lacking, &endpoints.common(known))),
            true => observed.findings.notes.push(note(&wanted.address, &lacking, &endpoints.common(known))),
        }
    }
}

/// Whether it is known that there is no such stack yet.
fn is_missing(wanted: &Wanted, site: &Site, desired: &Desired, look: &Look<'_>, observed: &Observed) -> bool {
    let Some(id) = observed.bindings.id(&site.account) else {
        return observed.found.contains_key(&Address::organization());
    };
    let management = observed.bindings.id(&Address::management());
    let access = access(desired, &site.account, id, management, Purpose::Look);
    let stacks = look.at(StacksIn { access, region: site.region.clone() });
    matches!(stacks, Some(Seen::Open(_))) && !observed.found.contains_key(&wanted.address)
}

/// The interface endpoints of a template.
#[derive(Debug, Default)]
struct Endpoints {
    services: BTreeSet<String>,
    /// The ids of the zones that its subnets name; empty where AWS chooses them for the account.
    zones: BTreeSet<String>,
}

impl Endpoints {
    fn of(stack: &Wanted, region: &str) -> Endpoints {
        let mut endpoints = Endpoints::default();
        for resource in resources(&stack.body) {
            let properties = &resource["Properties"];
            match resource["Type"].as_str() {
                Some("AWS::EC2::VPCEndpoint") if properties["VpcEndpointType"] == "Interface" => {
                    endpoints.services.extend(services(&properties["ServiceName"], region));
                }
                Some("AWS::EC2::Subnet") => {
                    endpoints.zones.extend(properties["AvailabilityZoneId"].as_str().map(str::to_owned));
                }
                _ => {}
            }
        }
        endpoints
    }

    /// The zones that each service lacks, of those that the subnets name or else of all. A service that AWS does not list is
    /// not judged.
    fn lacking(&self, known: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
        let all: BTreeSet<String> = known.values().flatten().cloned().collect();
        let zones = if self.zones.is_empty() { &all } else { &self.zones };
        let own = self.services.iter().filter_map(|service| Some((service, known.get(service)?)));
        let lacking =
            own.map(|(service, has)| (service.clone(), zones.difference(has).cloned().collect::<BTreeSet<_>>()));
        lacking.filter(|(_, zones)| !zones.is_empty()).collect()
    }

    /// The zones that have all the services.
    fn common(&self, known: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
        let mut own = self.services.iter().filter_map(|service| known.get(service));
        let first = own.next().cloned().unwrap_or_default();
        own.fold(first, |common, zones| common.intersection(zones).cloned().collect())
    }
}

/// The names that a service may have in a region: China's are others. What AWS does not list is not judged.
fn services(name: &Value, region: &str) -> Vec<String> {
    let either = name["Fn::If"].as_array().and_then(|parts| parts.get(1..));
    either.unwrap_or(std::slice::from_ref(name)).iter().filter_map(|name| service(name, region)).collect()
}

/// A service's name in a region, as far as it hangs on the region alone.
fn service(name: &Value, region: &str) -> Option<String> {
    let text = name.as_str().or_else(|| name["Fn::Sub"].as_str())?.replace("${AWS::Region}", region);
    (!text.contains("${")).then_some(text)
}

fn said(lacking: &BTreeMap<String, BTreeSet<String>>) -> String {
    let zones = |zones: &BTreeSet<String>| zones.iter().cloned().collect::<Vec<_>>().join(", ");
    let each = lacking.iter().map(|(service, lacks)| format!("{service} is not in {}", zones(lacks)));
    each.collect::<Vec<_>>().join("; ")
}

fn remedy(common: &BTreeSet<String>) -> String {
    let common: Vec<&str> = common.iter().map(String::as_str).collect();
    format!(
        "name zones that have all the endpoints: `zone_ids: [{}]`, with `zones` as many as are named",
        common.join(", ")
    )
}

fn refusal(stack: &Address, lacking: &BTreeMap<String, BTreeSet<String>>, common: &BTreeSet<String>) -> Refusal {
    Refusal {
        code: "endpoint-zones".into(),
        address: Some(stack.clone()),
        message: format!("{stack} would have endpoints where AWS does not offer them: {}", said(lacking)),
        help: remedy(common),
    }
}

fn note(stack: &Address, lacking: &BTreeMap<String, BTreeSet<String>>, common: &BTreeSet<String>) -> Note {
    let what = format!(
        "{stack} takes the first zones that its account has, and fails where one of these lacks an endpoint ({}): {}",
        said(lacking),
        remedy(common)
    );
    Note { address: Some(stack.clone()), what, about: vec![stack.clone()] }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Body;

    fn stack(zone: Value) -> Wanted {
        let endpoint = |name: Value| json!({"Type": "AWS::EC2::VPCEndpoint", "Properties": {"VpcEndpointType": "Interface", "ServiceName": name}});
        let gateway = json!({"VpcEndpointType": "Gateway", "ServiceName": "com.amazonaws.eu-west-1.s3"});
        let template = json!({"Resources": {
            "S3": {"Type": "AWS::EC2::VPCEndpoint", "Properties": gateway},
            "Sts": endpoint(json!({"Fn::If": [
                "IsChina",
                {"Fn::Sub": "cn.com.amazonaws.${AWS::Region}.sts"},
                {"Fn::Sub": "com.amazonaws.${AWS::Region}.sts"},
            ]})),
            "Studio": endpoint(json!("aws.sagemaker.eu-west-1.studio")),
            "Other": endpoint(json!({"Fn::Sub": "com.amazonaws.${Other}.x"})),
            "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": zone},
        }});
        Wanted::new("stack", Address::stack("a", "net", "eu-west-1"), Body::from_iter([("template".into(), template)]))
    }

    fn known() -> BTreeMap<String, BTreeSet<String>> {
        let zones = |zones: &[&str]| zones.iter().map(|zone| (*zone).to_owned()).collect();
        BTreeMap::from([
            ("com.amazonaws.eu-west-1.kms".to_owned(), zones(&["euw1-az1", "euw1-az2", "euw1-az3"])),
            ("com.amazonaws.eu-west-1.sts".to_owned(), zones(&["euw1-az2", "euw1-az3"])),
            ("aws.sagemaker.eu-west-1.studio".to_owned(), zones(&["euw1-az1", "euw1-az2"])),
        ])
    }

    #[test]
    fn zones_that_lack_a_service_of_a_template_are_found() {
        let lacking = |zone: Value| said(&Endpoints::of(&stack(zone), "eu-west-1").lacking(&known()));
        let studio = "aws.sagemaker.eu-west-1.studio is not in euw1-az3";
        let sts = "com.amazonaws.eu-west-1.sts is not in euw1-az1";
        assert_eq!(lacking(json!({"AvailabilityZoneId": "euw1-az3"})), studio);
        assert_eq!(lacking(json!({"AvailabilityZoneId": "euw1-az1"})), sts);
        assert_eq!(lacking(json!({"AvailabilityZoneId": "euw1-az2"})), "");
        // AWS chooses among all.
        assert_eq!(
            lacking(json!({"AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}})),
            format!("{studio}; {sts}")
        );
        assert_eq!(said(&Endpoints::of(&stack(json!({})), "eu-west-1").lacking(&BTreeMap::new())), "");
    }

    #[test]
    fn zones_that_have_all_are_named() {
        let common = Endpoints::of(&stack(json!({})), "eu-west-1").common(&known());
        assert_eq!(common.into_iter().collect::<Vec<_>>(), ["euw1-az2"]);
    }
}

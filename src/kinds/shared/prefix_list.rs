//! Lists of addresses that AWS keeps for its services: `${prefix-list/REGION/SERVICE}` stands for one's id, which differs from
//! region to region and which CloudFormation does not show.

use std::collections::BTreeSet;

use crate::facts::Look;
use crate::kinds::read::PrefixListsIn;
use crate::model::{Address, Desired, Observed, PREFIX_LIST, Refusal, references};

/// The IAM action that looking takes.
pub(in crate::kinds) const READS: [&str; 1] = ["ec2:DescribeManagedPrefixLists"];

/// Looks for those that the blueprint refers to.
pub(in crate::kinds) fn recognize(desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
    let mentioned = desired.resources.values().flat_map(|wanted| wanted.body.values().flat_map(references));
    let lists: BTreeSet<Address> = mentioned.filter(|address| address.prefix() == PREFIX_LIST).collect();
    for address in lists {
        let Some((region, service)) = parts(&address) else { continue };
        match look.at(PrefixListsIn(region.clone())).map(|lists| lists.get(&service).cloned()) {
            None => {}
            Some(Some(id)) => observed.bindings.bind(address, id),
            Some(None) => observed.findings.refusals.push(Refusal {
                code: "prefix-list".into(),
                address: Some(address.clone()),
                message: format!("{address} has no value: {service} has no list of addresses in {region}"),
                help: "`aws ec2 describe-managed-prefix-lists` shows which services have one".into(),
            }),
        }
    }
}

fn parts(address: &Address) -> Option<(String, String)> {
    let (_, rest) = address.as_str().split_once('/')?;
    let (region, service) = rest.split_once('/')?;
    Some((region.to_owned(), service.to_owned()))
}

//! The partitions of AWS, which share neither accounts nor endpoints.

/// A partition.
#[derive(Debug)]
struct Partition {
    id: &'static str,
    /// What the codes of its regions begin with.
    regions: &'static str,
    /// What the names of its hosts end with.
    dns_suffix: &'static str,
    /// The same of hosts that have IPv6 too.
    dual_stack_suffix: &'static str,
    /// Where Organizations and the other global services answer.
    global_region: &'static str,
}

const fn partition(
    id: &'static str,
    regions: &'static str,
    [dns_suffix, dual_stack_suffix]: [&'static str; 2],
    global_region: &'static str,
) -> Partition {
    Partition { id, regions, dns_suffix, dual_stack_suffix, global_region }
}

const AWS: Partition = partition("aws", "", ["amazonaws.com", "api.aws"], "us-east-1");

/// Every partition but `aws`, whose regions have no beginning in common.
/// <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html>, and for what only AWS's SDKs
/// show: <https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json>
const OTHERS: [Partition; 7] = [
    partition("aws-cn", "cn-", ["amazonaws.com.cn", "api.amazonwebservices.com.cn"], "cn-northwest-1"),
    partition("aws-eusc", "eusc-", ["amazonaws.eu", "api.amazonwebservices.eu"], "eusc-de-east-1"),
    partition("aws-iso", "us-iso-", ["c2s.ic.gov", "api.aws.ic.gov"], "us-iso-east-1"),
    partition("aws-iso-b", "us-isob-", ["sc2s.sgov.gov", "api.aws.scloud"], "us-isob-east-1"),
    partition("aws-iso-e", "eu-isoe-", ["cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"], "eu-isoe-west-1"),
    partition("aws-iso-f", "us-isof-", ["csp.hci.ic.gov", "api.aws.hci.ic.gov"], "us-isof-south-1"),
    partition("aws-us-gov", "us-gov-", ["amazonaws.com", "api.aws"], "us-gov-west-1"),
];

/// The partition of a region, by the region's code: `aws-us-gov` for `us-gov-west-1`.
pub fn partition_of(region: &str) -> &'static str {
    OTHERS.iter().find(|partition| region.starts_with(partition.regions)).unwrap_or(&AWS).id
}

/// The region where a partition's global services answer: `us-east-1` for `aws`.
pub fn global_region(partition: &str) -> &'static str {
    called(partition).global_region
}

/// What the names of a partition's hosts end with: `amazonaws.com` for `aws`.
/// <https://docs.aws.amazon.com/general/latest/gr/rande.html>
pub fn dns_suffix(partition: &str) -> &'static str {
    called(partition).dns_suffix
}

/// The same of hosts that have IPv6 too: `api.aws` for `aws`.
/// <https://docs.aws.amazon.com/general/latest/gr/rande.html#dual-stack-endpoints>
pub fn dual_stack_suffix(partition: &str) -> &'static str {
    called(partition).dual_stack_suffix
}

fn called(id: &str) -> &'static Partition {
    OTHERS.iter().find(|partition| partition.id == id).unwrap_or(&AWS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_says_its_partition_and_where_the_global_services_of_it_answer() {
        for (region, partition, global, suffix) in [
            ("eu-west-1", "aws", "us-east-1", "amazonaws.com"),
            ("us-gov-east-1", "aws-us-gov", "us-gov-west-1", "amazonaws.com"),
            ("cn-north-1", "aws-cn", "cn-northwest-1", "amazonaws.com.cn"),
            ("eusc-de-east-1", "aws-eusc", "eusc-de-east-1", "amazonaws.eu"),
            ("us-iso-west-1", "aws-iso", "us-iso-east-1", "c2s.ic.gov"),
            ("us-isob-west-1", "aws-iso-b", "us-isob-east-1", "sc2s.sgov.gov"),
            ("eu-isoe-west-1", "aws-iso-e", "eu-isoe-west-1", "cloud.adc-e.uk"),
            ("us-isof-east-1", "aws-iso-f", "us-isof-south-1", "csp.hci.ic.gov"),
            ("", "aws", "us-east-1", "amazonaws.com"),
        ] {
            assert_eq!(partition_of(region), partition, "{region}");
            assert_eq!(global_region(partition), global, "{region}");
            assert_eq!(dns_suffix(partition), suffix, "{region}");
        }
    }
}

//! Intrinsic functions whose arguments are plain values by now.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde_json::Value;

use super::values::{KNOWN_AFTER_APPLY, is_unknown, plain};

/// `Fn::Join`: a delimiter and a list.
pub(super) fn join(arguments: &[Value]) -> Result<Value, String> {
    let wrong = || {
        "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) \
            a list of strings to be joined or a function that returns a list of strings (such as \
            Fn::GetAZs) to be joined."
            .to_owned()
    };
    let [Value::String(delimiter), list] = arguments else {
        return Err(wrong());
    };
    if let Value::String(text) = list
        && is_unknown(list)
    {
        return Ok(Value::from(text.as_str()));
    }
    let rows = list.as_array().ok_or_else(wrong)?;
    let texts = rows.iter().map(|row| plain(row).ok_or_else(wrong)).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.join(delimiter).into())
}

/// `Fn::Select`: an index from 0 and a list.
pub(super) fn select(arguments: &[Value]) -> Result<Value, String> {
    let [index, list] = arguments else {
        return Err(
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list".into(),
        );
    };
    if is_unknown(list) && list.as_array().is_none_or(|rows| rows.len() == 1) {
        return Ok(KNOWN_AFTER_APPLY.into());
    }
    let place = plain(index).and_then(|text| text.parse::<usize>().ok());
    let found = place.and_then(|place| list.as_array()?.get(place).cloned());
    found.ok_or_else(|| {
        "Template error: Fn::Select cannot select nonexistent value at index ".to_owned()
            + &plain(index).unwrap_or_default()
    })
}

/// `Fn::Split`: a delimiter and a text.
pub(super) fn split(arguments: &[Value]) -> Result<Value, String> {
    match arguments {
        [Value::String(delimiter), Value::String(text)] if !delimiter.is_empty() => {
            Ok(text.split(delimiter.as_str()).map(Value::from).collect())
        }
        _ => Err("Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) \
            a string to be split or a function that returns a string to be split."
            .into()),
    }
}

/// `Fn::Cidr`: a block, how many blocks of it, and how many bits each leaves to hosts.
pub(super) fn cidr(arguments: &[Value]) -> Result<Value, String> {
    let wrong = || {
        "Template error: Fn::Cidr requires an IP block, a count from 1 to 256 and the number of subnet bits".to_owned()
    };
    let (block, count, bits) = match arguments {
        [block, count] => (block, count, None),
        [block, count, bits] => (block, count, Some(bits)),
        _ => return Err(wrong()),
    };
    let count: usize = plain(count).and_then(|text| text.parse().ok()).ok_or_else(wrong)?;
    if is_unknown(block) {
        return Ok(vec![Value::from(KNOWN_AFTER_APPLY); count].into());
    }
    let network: IpNet = block.as_str().and_then(|text| text.parse().ok()).ok_or_else(wrong)?;
    let host_bits = bits.and_then(plain).map_or(Ok(8), |text| text.parse::<u8>().map_err(|_| wrong()))?;
    let prefix = network.max_prefix_len().checked_sub(host_bits).ok_or_else(wrong)?;
    let blocks: Vec<Value> = subnets(network.trunc(), prefix).take(count).map(|net| net.to_string().into()).collect();
    let fits = (1..=256).contains(&count) && blocks.len() == count;
    fits.then_some(Value::Array(blocks)).ok_or_else(wrong)
}

/// The blocks of a prefix length within a network, as they follow each other.
fn subnets(network: IpNet, prefix: u8) -> Box<dyn Iterator<Item = IpNet>> {
    match (network.addr(), network.prefix_len() <= prefix) {
        (_, false) => Box::new(std::iter::empty()),
        (IpAddr::V4(address), _) => {
            let whole = Ipv4Net::new(address, network.prefix_len());
            Box::new(whole.and_then(|whole| whole.subnets(prefix)).into_iter().flatten().map(IpNet::V4))
        }
        (IpAddr::V6(address), _) => {
            let whole = Ipv6Net::new(address, network.prefix_len());
            Box::new(whole.and_then(|whole| whole.subnets(prefix)).into_iter().flatten().map(IpNet::V6))
        }
    }
}

/// `Fn::GetAZs`: three zones of a region, as most regions have; new accounts have two in us-west-1.
/// <https://aws.amazon.com/about-aws/global-infrastructure/regions_az/>
pub(super) fn zones(region: &str) -> Value {
    let zones = if region == "us-west-1" { &["a", "c"][..] } else { &["a", "b", "c"] };
    zones.iter().map(|zone| Value::from(format!("{region}{zone}"))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn blocks_follow_each_other_and_must_fit() {
        let blocks = cidr(&[json!("10.20.0.0/16"), json!("3"), json!(12)]);
        assert_eq!(blocks, Ok(json!(["10.20.0.0/20", "10.20.16.0/20", "10.20.32.0/20"])));
        assert!(cidr(&[json!("10.20.0.0/24"), json!(3), json!(7)]).is_err());
    }

    #[test]
    fn what_will_be_known_later_stays_unknown_through_functions() {
        let unknown = split(&[json!("/"), json!(KNOWN_AFTER_APPLY)]).unwrap();
        assert_eq!(select(&[json!(5), unknown]), Ok(json!(KNOWN_AFTER_APPLY)));
    }
}

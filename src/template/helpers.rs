use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    ScopedJson, handlebars_helper,
};
use ipnet::Ipv4Net;
use serde_json::{Map, Value, json};

use super::json::inline;
use super::{control, endpoint, hook};

/// Makes the helpers known that templates may use.
pub(super) fn register(handlebars: &mut Handlebars<'_>) {
    handlebars.register_helper("json", Box::new(written));
    handlebars.register_helper("includes", Box::new(includes));
    handlebars.register_helper("json_text", Box::new(json_text));
    handlebars.register_helper("logical_id", Box::new(logical_id_of));
    handlebars.register_helper("concat", Box::new(concat));
    handlebars.register_helper("range", Box::new(range));
    handlebars.register_helper("subnet", Box::new(subnet));
    handlebars.register_helper("addresses", Box::new(Addresses));
    handlebars.register_helper("dashed", Box::new(dashed));
    handlebars.register_helper("controls", Box::new(controls));
    handlebars.register_helper("zone_id", Box::new(zone_id));
    handlebars.register_helper("is_at", Box::new(is_at));
    handlebars.register_helper("endpoints", Box::new(endpoints));
    handlebars.register_helper("hook_configuration", Box::new(hook_configuration));
}

/// `{{json value}}`: the value as JSON, in one line.
fn written(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let value = helper.param(0).filter(|value| !value.is_value_missing());
    let value = value.ok_or_else(|| RenderErrorReason::Other("json: no such value".to_owned()))?;
    out.write(&inline(value.value()))?;
    Ok(())
}

// `{{concat a "-" b}}`: one text of several texts, numbers and flags.
handlebars_helper!(concat: |*parts| parts.iter().map(|part| plain(part)).collect::<Result<String, _>>()?);

// `{{#if (includes list "a")}}`: whether the list has it.
handlebars_helper!(includes: |list: array, text: str| list.iter().any(|item| item == text));

// `{{json_text map}}`: the map as a text that holds JSON, its values as texts.
handlebars_helper!(json_text: |values: object| json_of(values)?);

// `{{logical_id "root-mfa" "Key"}}`: a logical id of these names, RootMfaKey. What is called so keeps its logical id whatever
// comes and goes beside it.
handlebars_helper!(logical_id_of: |*names| named(&names)?);

// `{{#each (range 1 3)}}`: 1, 2, 3.
handlebars_helper!(range: |first: u64, last: u64| numbers(first, last)?);

// `{{subnet "10.0.0.0/16" 4 2}}`: the network cut into 2⁴ equal ones, the third of them: 10.0.32.0/20.
handlebars_helper!(subnet: |network: str, bits: u64, index: u64| cut(network, bits, index)?);

/// `{{addresses}}`: what `cidr` says, or the network number `pool_index` of those of `/pool_prefix` that `pool` is cut
/// into.
struct Addresses;

impl HelperDef for Addresses {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        _: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        Ok(ScopedJson::Derived(planned(context.data())?.into()))
    }
}

// `{{dashed "ada@example.com"}}`: ada-example-com, for names that take letters, digits and hyphens alone.
handlebars_helper!(dashed: |text: str| parts(text).collect::<Vec<_>>().join("-"));

// `{{json (is_at places)}}`: a condition of CloudFormation that holds where the account, or the account and region as
// `ACCOUNT/REGION`, is among these places.
handlebars_helper!(is_at: |places: array| any_of(places.iter().flat_map(at_place).collect()));

// `{{#each (controls names)}}`: the controls of Control Tower.
handlebars_helper!(controls: |names: Json| control::list(names)?);

// `{{#each (endpoints names)}}`: what is to be known of the endpoints of these services.
handlebars_helper!(endpoints: |names: Json| endpoint::list(names)?);

// `{{zone_id ids @index}}`: the id of the availability zone for that subnet.
handlebars_helper!(zone_id: |ids: array, index: u64| zone_at(ids, index)?);

fn zone_at(ids: &[Value], index: u64) -> Result<Value, RenderErrorReason> {
    let id = usize::try_from(index).ok().and_then(|index| ids.get(index));
    let why = || format!("network: `zone_ids` names {} availability zones, and `zones` is more", ids.len());
    id.cloned().ok_or_else(|| RenderErrorReason::Other(why()))
}

fn at_place(place: &Value) -> [Value; 2] {
    let here = [json!({"Ref": "AWS::AccountId"}), json!({"Fn::Sub": "${AWS::AccountId}/${AWS::Region}"})];
    here.map(|here| json!({"Fn::Equals": [here, place]}))
}

/// `Fn::Or` takes two to ten conditions, which may be such themselves.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html>
fn any_of(conditions: Vec<Value>) -> Value {
    const MOST: usize = 10;
    if conditions.len() <= MOST {
        return json!({"Fn::Or": conditions});
    }
    // Conditions come in pairs, so that no part is left with one.
    any_of(conditions.chunks(MOST).map(|part| json!({"Fn::Or": part})).collect())
}

// `{{hook_configuration controls "FAIL"}}`: the configuration of a hook that asks these controls, as a text.
handlebars_helper!(hook_configuration: |names: array, failure_mode: str| hook::configuration(names, failure_mode));

fn planned(given: &Value) -> Result<String, RenderErrorReason> {
    let refuse = |why: &str| RenderErrorReason::Other(format!("network: {why}"));
    let text = |name: &str| given.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (pool, cidr) = (text("pool"), text("cidr"));
    let number = |name: &str| given.get(name).and_then(Value::as_u64).unwrap_or_default();
    match (cidr, pool) {
        (Some(cidr), None) => Ok(cidr.to_owned()),
        (None, Some(pool)) => {
            let length: Option<u64> = pool.split_once('/').and_then(|(_, length)| length.parse().ok());
            let bits = length.and_then(|length| number("pool_prefix").checked_sub(length));
            cut(pool, bits.ok_or_else(|| refuse("the pool is smaller than the network"))?, number("pool_index"))
        }
        _ => Err(refuse("write one of `cidr: 10.0.0.0/16` and `pool: 10.0.0.0/12`")),
    }
}

/// Letters and digits of the texts, each part of them with a capital: CloudFormation takes no others.
pub(super) fn logical_id<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.flat_map(parts).map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

fn named(names: &[&Value]) -> Result<String, RenderErrorReason> {
    let id = logical_id(names.iter().filter_map(|name| name.as_str()));
    let refused = || RenderErrorReason::Other("logical_id: the names have neither letters nor digits".to_owned());
    Some(id).filter(|id| !id.is_empty()).ok_or_else(refused)
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty())
}

fn plain(value: &Value) -> Result<String, RenderErrorReason> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        _ => Err(RenderErrorReason::Other(format!("concat: {value} is neither text, number nor flag"))),
    }
}

fn json_of(values: &Map<String, Value>) -> Result<String, RenderErrorReason> {
    let texts = values.iter().map(|(name, value)| Ok((name.clone(), plain(value)?.into())));
    Ok(Value::Object(texts.collect::<Result<_, RenderErrorReason>>()?).to_string())
}

/// The most numbers that a range has: no template repeats a part more often.
pub(super) const LONGEST_RANGE: u64 = 256;

fn numbers(first: u64, last: u64) -> Result<Vec<Value>, RenderErrorReason> {
    if last.saturating_sub(first) >= LONGEST_RANGE {
        let why = format!("range: from {first} to {last} are more than {LONGEST_RANGE} numbers");
        return Err(RenderErrorReason::Other(why));
    }
    Ok((first..=last).map(Value::from).collect())
}

/// AWS takes subnets down to /28: <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>.
const LONGEST_PREFIX: u8 = 28;

fn cut(network: &str, bits: u64, index: u64) -> Result<String, RenderErrorReason> {
    let refuse = |why: String| RenderErrorReason::Other(format!("subnet: {why}"));
    let whole: Ipv4Net =
        network.parse().map_err(|_| refuse(format!("{network} is no IPv4 network such as 10.0.0.0/16")))?;
    let length = u8::try_from(bits).ok().and_then(|bits| whole.prefix_len().checked_add(bits));
    let length = length.filter(|length| *length <= LONGEST_PREFIX).ok_or_else(|| {
        refuse(format!("{network} cannot be cut into 2^{bits} subnets of /{LONGEST_PREFIX} or larger"))
    })?;
    let none = || refuse(format!("{network} cut into 2^{bits} networks has none with number {index}"));
    let number = u32::try_from(index).ok().filter(|number| u64::from(*number) < 1 << bits).ok_or_else(none)?;
    // A network of /0 is cut into nothing but itself: shifting by all 32 bits is no shift.
    let offset = number.checked_shl(u32::from(32 - length)).unwrap_or_default();
    let first = u32::from(whole.network()).checked_add(offset).ok_or_else(none)?;
    let part = Ipv4Net::new(first.into(), length).map_err(|_| none())?;
    Ok(part.to_string())
}

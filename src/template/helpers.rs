use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason, handlebars_helper,
};
use ipnet::Ipv4Net;
use serde_json::{Map, Value};

use super::json::inline;

/// Makes the helpers known that templates may use.
pub(super) fn register(handlebars: &mut Handlebars<'_>) {
    handlebars.register_helper("json", Box::new(json));
    handlebars.register_helper("includes", Box::new(includes));
    handlebars.register_helper("json_text", Box::new(json_text));
    handlebars.register_helper("logical_id", Box::new(logical_id));
    handlebars.register_helper("concat", Box::new(concat));
    handlebars.register_helper("range", Box::new(range));
    handlebars.register_helper("subnet", Box::new(subnet));
}

/// `{{json value}}`: the value as JSON, in one line.
fn json(
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

// `{{logical_id "root-mfa"}}`: the letters and digits of a name, each word with a capital: `RootMfa`. What is called so
// keeps its logical id whatever comes and goes beside it.
handlebars_helper!(logical_id: |name: str| capitalized(name)?);

// `{{#each (range 1 3)}}`: 1, 2, 3.
handlebars_helper!(range: |first: u64, last: u64| (first..=last).map(Value::from).collect::<Vec<Value>>());

// `{{subnet "10.0.0.0/16" 4 2}}`: the network cut into 2⁴ equal ones, the third of them: 10.0.32.0/20.
handlebars_helper!(subnet: |network: str, bits: u64, index: u64| cut(network, bits, index)?);

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

fn capitalized(name: &str) -> Result<String, RenderErrorReason> {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let id: String = words.map(|word| format!("{}{}", word[..1].to_ascii_uppercase(), &word[1..])).collect();
    if id.is_empty() {
        return Err(RenderErrorReason::Other(format!("logical_id: {name} has neither letters nor digits")));
    }
    Ok(id)
}

/// AWS takes subnets down to /28: <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>.
const LONGEST_PREFIX: u8 = 28;

fn cut(network: &str, bits: u64, index: u64) -> Result<String, RenderErrorReason> {
    let refuse = |why: String| RenderErrorReason::Other(format!("subnet: {why}"));
    let whole: Ipv4Net =
        network.parse().map_err(|_| refuse(format!("{network} is no IPv4 network such as 10.0.0.0/16")))?;
    let length = u8::try_from(bits).ok().and_then(|bits| whole.prefix_len().checked_add(bits));
    let mut parts =
        length.filter(|length| *length <= LONGEST_PREFIX).and_then(|length| whole.subnets(length).ok()).ok_or_else(
            || refuse(format!("{network} cannot be cut into 2^{bits} subnets of /{LONGEST_PREFIX} or larger")),
        )?;
    let part = usize::try_from(index).ok().and_then(|index| parts.nth(index));
    let part =
        part.ok_or_else(|| refuse(format!("{network} cut into 2^{bits} networks has none with number {index}")))?;
    Ok(part.to_string())
}

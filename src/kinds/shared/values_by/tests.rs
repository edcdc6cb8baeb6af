use super::*;

const HOME: &str = "eu-west-1";
const FAR: &str = "us-east-1";

fn values(values: &[(&str, &str)]) -> Values {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// An account, a region, and the values there.
type Place<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

fn placed(all: &[Place<'_>]) -> Placed {
    let place = |(account, region, of): &Place<'_>| ((Address::account(account), (*region).to_owned()), values(of));
    all.iter().map(place).collect()
}

/// What holds for all, and what `parameters_by` says, account by account and region by region.
fn said(all: &[Place<'_>]) -> Result<String, String> {
    let placed = placed(all);
    let common = most_common(&placed);
    let by = ValuesBy::of(&common, &placed).map_err(|uneven| uneven.iter().map(Address::name).collect::<String>())?;
    let shown =
        |values: &Values| values.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",");
    let accounts = by.accounts.iter().map(|(account, of)| format!("{}:{}", account.name(), shown(of)));
    let regions = by.regions.iter().map(|(region, of)| format!("{region}:{}", shown(of)));
    Ok([shown(&common)].into_iter().chain(accounts).chain(regions).collect::<Vec<_>>().join(" "))
}

#[test]
fn the_value_that_most_have_holds_for_all_and_others_are_said_of_their_accounts() {
    let one = said(&[
        ("a", HOME, &[("P", "1"), ("Q", "x")]),
        ("b", HOME, &[("P", "2"), ("Q", "x")]),
        ("c", HOME, &[("P", "2"), ("Q", "x")]),
    ]);
    assert_eq!(one.as_deref(), Ok("P=2,Q=x a:P=1"));
    assert_eq!(said(&[("a", HOME, &[("P", "2")]), ("b", HOME, &[("P", "1")])]).as_deref(), Ok("P=1 a:P=2"));
    assert_eq!(said(&[("a", HOME, &[("P", "1")])]).as_deref(), Ok("P=1"));
    assert_eq!(said(&[("a", HOME, &[])]).as_deref(), Ok(""));
}

#[test]
fn what_all_have_in_a_region_is_said_of_the_region() {
    let by_region = said(&[
        ("a", HOME, &[("P", "1")]),
        ("a", FAR, &[("P", "2")]),
        ("b", HOME, &[("P", "1")]),
        ("b", FAR, &[("P", "2")]),
        ("c", HOME, &[("P", "1")]),
        ("c", FAR, &[("P", "2")]),
    ]);
    assert_eq!(by_region.as_deref(), Ok("P=1 us-east-1:P=2"));
    assert_eq!(said(&[("a", HOME, &[("P", "2")]), ("a", FAR, &[("P", "1")])]).as_deref(), Ok("P=1 eu-west-1:P=2"));
}

#[test]
fn an_account_s_value_goes_before_a_region_s() {
    let both = said(&[
        ("a", HOME, &[("P", "9")]),
        ("a", FAR, &[("P", "9")]),
        ("b", HOME, &[("P", "1")]),
        ("b", FAR, &[("P", "2")]),
        ("c", HOME, &[("P", "1")]),
        ("c", FAR, &[("P", "2")]),
    ]);
    assert_eq!(both.as_deref(), Ok("P=1 a:P=9 us-east-1:P=2"));
    let accounts = said(&[
        ("a", HOME, &[("P", "9")]),
        ("a", FAR, &[("P", "9")]),
        ("b", HOME, &[("P", "1")]),
        ("b", FAR, &[("P", "1")]),
        ("c", HOME, &[("P", "1")]),
        ("c", FAR, &[("P", "1")]),
    ]);
    assert_eq!(accounts.as_deref(), Ok("P=1 a:P=9"));
}

#[test]
fn what_an_account_has_in_all_regions_is_the_account_s() {
    let placed = placed(&[("a", HOME, &[("P", "2")]), ("a", FAR, &[("P", "2")])]);
    let by = ValuesBy::of(&values(&[("P", "1")]), &placed).expect("it can be said");
    assert_eq!(by.accounts, BTreeMap::from([(Address::account("a"), values(&[("P", "2")]))]));
    assert!(by.regions.is_empty());
}

#[test]
fn what_differs_in_one_region_of_one_account_not_expressible() {
    let one = said(&[
        ("a", HOME, &[("P", "1")]),
        ("a", FAR, &[("P", "3")]),
        ("b", HOME, &[("P", "1")]),
        ("b", FAR, &[("P", "1")]),
    ]);
    assert_eq!(one, Err("a".to_owned()));
}

#[test]
fn it_is_written_by_the_accounts_names() {
    let by = ValuesBy {
        accounts: BTreeMap::from([(Address::account("a"), values(&[("P", "1")]))]),
        regions: BTreeMap::from([(FAR.to_owned(), values(&[("P", "2")]))]),
    };
    let mut text = crate::outline::Text::default();
    let mut map = Map::default();
    map.set("parameters_by", by.said(|account| Some(account.name())).expect("it can be said"));
    text.map(&map);
    assert_eq!(text.text, "parameters_by: {accounts: {a: {P: \"1\"}}, regions: {us-east-1: {P: \"2\"}}}\n");
    assert_eq!(by.said(|_| None), Err(Address::account("a")));
    assert!(ValuesBy::default().said(|_| None).expect("nothing is said").is_empty());
}

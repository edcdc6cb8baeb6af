use crate::sections::declare_text;

fn warnings(sections: &str) -> Vec<String> {
    let head = "version: 1\nname: ours\norganization: {regions: [eu-west-1], account_email: \"{name}@example.com\"}\n";
    let declared = declare_text("landing.yaml", &format!("{head}{sections}"));
    let declared = declared.unwrap_or_else(|failed| panic!("{:?}", failed.diagnostics));
    declared.warnings.iter().filter(|it| it.code == "was").map(|it| it.message.clone()).collect()
}

#[test]
fn was_that_names_what_is_in_the_blueprint_too_is_warned_of() {
    assert_eq!(
        warnings("organizational_units: {Beta: {was: Alpha}, Alpha: {was: Beta}}\n"),
        [
            "ou/Beta, which `was` of ou/Alpha names, is in the blueprint too",
            "ou/Alpha, which `was` of ou/Beta names, is in the blueprint too"
        ]
    );
    let sets = "identity: {permission_sets: {a: {managed_policies: [ReadOnlyAccess], was: b}, b: {managed_policies: [ReadOnlyAccess]}}}\n";
    assert_eq!(warnings(sets), ["permission-set/b, which `was` of permission-set/a names, is in the blueprint too"]);
}

#[test]
fn was_that_renames_is_not_warned_of() {
    assert_eq!(warnings("organizational_units: {Beta: {was: Alpha, organizational_units: {Inner: }}}\n"), [""; 0]);
    // A unit of the old name elsewhere is another one, and so are the units in what is renamed.
    let elsewhere = "organizational_units: {Beta: {was: Alpha, organizational_units: {Alpha: }}}\n";
    assert_eq!(warnings(elsewhere), [""; 0]);
}

//! Stacks that share resources within the organization.

use crate::declaration::Declaration;
use crate::kinds::resource::resources_of;
use crate::model::{Address, Presence, Wanted};

/// Has stacks that share by RAM come after what lets it share within the organization, where the blueprint has that.
pub(super) fn come_after(declaration: &mut Declaration) {
    let sharing = Address::new("trusted-access", ["ram.amazonaws.com"]);
    if declaration.desired.get(&sharing).is_none_or(|wanted| wanted.presence == Presence::Absent) {
        return;
    }
    for wanted in declaration.desired.resources.values_mut().filter(|wanted| shares(wanted)) {
        wanted.needs.push(sharing.clone());
    }
}

fn shares(wanted: &Wanted) -> bool {
    resources_of(&wanted.body, "AWS::RAM::ResourceShare").next().is_some()
}

#[cfg(test)]
mod tests {
    use crate::model::Address;
    use crate::sections::declare_embedded;

    #[test]
    fn a_stack_that_shares_needs_sharing_to_be_enabled() {
        let needs = |trusted: &str| {
            let text = format!(
                "version: 1\nname: b\norganization: {{regions: [eu-west-1]{trusted}}}\nstacks:\n  s: {{template: ./s.json, in: \
                 [management]}}\n"
            );
            let share = r#"{"Resources": {"Share": {"Type": "AWS::RAM::ResourceShare", "Properties": {"Name": "n"}}}}"#;
            let declared = declare_embedded("landing.yaml", &[("landing.yaml", &text), ("s.json", share)]);
            let declared = declared.unwrap_or_else(|it| panic!("{}", it.diagnostics.render(&it.sources, false, 200)));
            let stack = declared.desired.get(&Address::stack("management", "s", "eu-west-1")).expect("it is wanted");
            stack.needs.contains(&Address::parse("trusted-access/ram.amazonaws.com"))
        };
        assert!(needs(", trusted_access: [ram.amazonaws.com]"));
        assert!(!needs(""));
        assert!(!needs(", trusted_access: [{name: ram.amazonaws.com, state: absent}]"));
    }
}

/// A built-in permission set.
#[derive(Debug)]
pub struct PermissionSetTemplate {
    /// The name that blueprints use.
    pub name: &'static str,
    /// YAML with the keys of a blueprint's permission set.
    pub text: &'static str,
}

/// The built-in permission set of a name.
macro_rules! permission_set {
    ($name:literal) => {
        PermissionSetTemplate {
            name: $name,
            text: include_str!(concat!("../../templates/permission-sets/", $name, ".yaml")),
        }
    };
}

static PERMISSION_SETS: [PermissionSetTemplate; 14] = [
    permission_set!("administrator"),
    permission_set!("power-user"),
    permission_set!("read-only"),
    permission_set!("security-audit"),
    permission_set!("billing"),
    permission_set!("ml-data-engineer"),
    permission_set!("ml-data-scientist"),
    permission_set!("ml-devops"),
    permission_set!("AWSAdministratorAccess"),
    permission_set!("AWSPowerUserAccess"),
    permission_set!("AWSReadOnlyAccess"),
    permission_set!("AWSOrganizationsFullAccess"),
    permission_set!("AWSServiceCatalogEndUserAccess"),
    permission_set!("AWSServiceCatalogAdminFullAccess"),
];

/// Every built-in permission set.
pub fn permission_sets() -> &'static [PermissionSetTemplate] {
    &PERMISSION_SETS
}

/// The built-in permission set that is called so.
pub fn permission_set(name: &str) -> Option<&'static PermissionSetTemplate> {
    PERMISSION_SETS.iter().find(|set| set.name == name)
}

//! The blueprints that come with the program.

/// One of them: a name, what it is for, and its files.
#[derive(Debug)]
pub struct Builtin {
    /// The name for `landing init --from`.
    pub name: &'static str,
    /// What it is for, in one line.
    pub summary: &'static str,
    /// Paths relative to the folder, and texts. The first is the blueprint itself.
    pub files: &'static [(&'static str, &'static str)],
}

/// The blueprint of that name, which is one file.
macro_rules! builtin {
    ($name:literal, $summary:literal) => {
        Builtin {
            name: $name,
            summary: $summary,
            files: &[("landing.yaml", include_str!(concat!("../../blueprints/", $name, "/landing.yaml")))],
        }
    };
}

static BUILTIN: [Builtin; 4] = [
    builtin!("minimal", "an organization, four units, the region policy"),
    builtin!("startup", "a young company: seven accounts, audit trail and log archive, permission sets, guardrails"),
    builtin!(
        "ml-landing-zone",
        "machine learning: audit trail, shared private network, people by permission sets, guardrails"
    ),
    builtin!("regulated", "work that auditors look at: locked logs, everything watched, a data perimeter"),
];

/// All of them, the smallest first.
pub fn list() -> &'static [Builtin] {
    &BUILTIN
}

/// The files of the blueprint that is called so.
pub fn files(name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    BUILTIN.iter().find(|builtin| builtin.name == name).map(|builtin| builtin.files)
}

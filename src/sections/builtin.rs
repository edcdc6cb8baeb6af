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

/// A file of the blueprint `ml-landing-zone`, by its path in there.
macro_rules! file {
    ($path:literal) => {
        ($path, include_str!(concat!("../../blueprints/ml-landing-zone/", $path)))
    };
}

static BUILTIN: [Builtin; 3] = [
    Builtin {
        name: "minimal",
        summary: "an organization, four units, the region policy",
        files: &[("landing.yaml", include_str!("../../blueprints/minimal/landing.yaml"))],
    },
    Builtin {
        name: "startup",
        summary: "a young company: seven accounts, guardrails, contacts",
        files: &[("landing.yaml", include_str!("../../blueprints/startup/landing.yaml"))],
    },
    Builtin {
        name: "ml-landing-zone",
        summary: "machine learning: audit trail, shared private network, people by permission sets, guardrails",
        files: &[
            file!("landing.yaml"),
            file!("policies/buckets-stay-private.json"),
            file!("policies/no-external-sharing.json"),
            file!("policies/people-come-by-sso.json"),
            file!("policies/protect-audit.json"),
            file!("policies/protect-log-archive.json"),
            file!("policies/sagemaker.json"),
        ],
    },
];

/// All of them, the smallest first.
pub fn list() -> &'static [Builtin] {
    &BUILTIN
}

/// The files of the blueprint that is called so.
pub fn files(name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    BUILTIN.iter().find(|builtin| builtin.name == name).map(|builtin| builtin.files)
}

//! Who may know whom.

use super::source::{Finding, Source, none, sources};

/// What each module of the program may use of the others and of the crates beside it, which Cargo keeps from using it or
/// each other. A module that is not here may use none, and must be added.
const MAY_USE: [(&str, &[&str]); 14] = [
    ("declaration", &["blueprint", "hierarchy", "model", "policy", "template"]),
    ("cloud", &["model"]),
    ("engine", &["cloud", "facts", "hierarchy", "kinds", "model", "policy"]),
    ("facts", &["cloud"]),
    ("hierarchy", &["model", "policy"]),
    (
        "import",
        &[
            "blueprint",
            "cloud",
            "declaration",
            "engine",
            "facts",
            "hierarchy",
            "kinds",
            "model",
            "outline",
            "policy",
            "sections",
        ],
    ),
    (
        "kinds",
        &["blueprint", "cloud", "cloudformation", "declaration", "facts", "model", "outline", "policy", "template"],
    ),
    ("model", &[]),
    ("outline", &["model"]),
    ("report", &["cloudformation", "engine", "import", "kinds", "model", "outline", "policy", "template", "why"]),
    ("sections", &["blueprint", "cloudformation", "declaration", "hierarchy", "kinds", "model", "policy", "template"]),
    ("template", &["cloudformation", "policy"]),
    ("why", &["blueprint", "hierarchy", "model", "policy", "sections", "template"]),
    (
        "cli",
        &[
            "blueprint",
            "cloud",
            "cloudformation",
            "engine",
            "facts",
            "hierarchy",
            "import",
            "kinds",
            "model",
            "policy",
            "report",
            "sandbox",
            "sections",
            "template",
            "why",
        ],
    ),
];

/// What report may know of the engine: plain values that it shows.
const SHOWN: [&str; 7] = ["Applied", "Counts", "Ended", "Event", "Failure", "StoredRecord", "Record"];

/// What the engine and others may know of kinds.
const KINDS_ARE_SEEN_AS: [&str; 28] = [
    "Cover",
    "KINDS",
    "Kind",
    "OfKind",
    "Pending",
    "Step",
    "Survey",
    "WriteContext",
    "WriteError",
    "entered_by",
    "expand",
    "kind",
    "looked_into",
    "merged_types",
    "name_of",
    "kind_info",
    "kind_info_at",
    "observe",
    "of_role",
    "outline",
    "read",
    "reads",
    "remember",
    "resource",
    "section",
    "unknown_with",
    "unknown_without",
    "writes",
];

#[test]
fn data_goes_one_way_through_the_modules() {
    let of_the_program = sources().iter().filter(|source| source.is_in(&["src"]));
    let wrong = of_the_program.flat_map(|source| {
        let allowed = MAY_USE.iter().find(|(module, _)| *module == source.module()).map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_default();
        let strangers = |used: &Use| used.module != source.module() && !allowed.contains(&used.module.as_str());
        uses(source).into_iter().filter(strangers).map(|used| used.place).collect::<Vec<_>>()
    });
    none(
        wrong,
        "a module uses one that it must not know: pass it a value instead, or move what both need to `model`. If the \
         frame itself is to change, change ARCHITECTURE.md and MAY_USE in this test together",
    );
}

#[test]
fn every_module_has_its_place_in_the_frame() {
    let unknown = sources().iter().filter(|source| source.is_in(&["src"])).filter(|source| {
        let known = MAY_USE.iter().any(|(module, _)| *module == source.module());
        !known && !matches!(source.module(), "lib" | "main")
    });
    none(
        unknown.map(|source| source.path.clone()),
        "say in MAY_USE what the new module may use, and in ARCHITECTURE.md why",
    );
}

#[test]
fn no_one_imports_from_several_modules_in_one_line() {
    let of_the_program = sources().iter().filter(|source| source.is_in(&["src"]));
    let wrong = of_the_program.flat_map(|source| source.mentions(&["crate::{", "crate::*"]));
    none(wrong, "write one `use` for each module: who knows whom is read from these lines");
}

#[test]
fn reports_know_of_the_engine_only_what_they_show() {
    let wrong = sources_in("report").into_iter().flat_map(|source| names_used_of("engine", &SHOWN, source));
    none(wrong, "reports turn values into text: have the command line give them a value of `model`, or an Event");
}

/// What report may know of kinds: what they say of themselves.
const TOLD: [&str; 3] = ["OfKind", "kind_info", "kind_info_at"];

#[test]
fn reports_know_of_kinds_only_what_these_say_of_themselves() {
    let wrong = sources_in("report").into_iter().flat_map(|source| names_used_of("kinds", &TOLD, source));
    none(wrong, "have the kind say in its `kind_info.rs` what the report needs to know");
}

#[test]
fn the_engine_knows_the_type_of_no_resource() {
    let wrong = sources_in("engine").into_iter().flat_map(|source| {
        let resources = uses(source).into_iter().filter(|it| it.module == "kinds" && it.rest.starts_with("::resource"));
        resources.filter(|it| names_a_type(&it.rest)).map(|it| format!("{}{}", it.place, it.rest)).collect::<Vec<_>>()
    });
    none(wrong, "have the kind answer the question, by a function in its folder or a method of `kinds::Kind`");
}

/// Whether one of the names in a path or a group is of a type.
fn names_a_type(rest: &str) -> bool {
    let path = rest.split('(').next().unwrap_or_default();
    path.split(|c: char| !c.is_alphanumeric() && c != '_').any(|name| name.starts_with(char::is_uppercase))
}

#[test]
fn kinds_are_known_by_their_trait_alone() {
    let others = sources().iter().filter(|source| source.module() != "kinds");
    let wrong = others.flat_map(|source| names_used_of("kinds", &KINDS_ARE_SEEN_AS, source));
    none(wrong, "ask the kind through `kinds::Kind`; add a method with a default there if none says what you need");
}

/// Whether a file is a kind's section: what blueprints say of it.
fn is_section(source: &Source) -> bool {
    source.is_in(&["src/kinds"]) && (source.path.contains("/section/") || source.path.ends_with("/section.rs"))
}

#[test]
fn sections_of_kinds_ask_aws_nothing() {
    let sections = sources().iter().filter(|source| is_section(source));
    let wrong = sections.flat_map(|source| {
        let asks = |used: &Use| matches!(used.module.as_str(), "cloud" | "facts");
        let used = uses(source).into_iter().filter(asks).map(|used| used.place);
        used.chain(source.mentions(&["aws_sdk_", ".await"])).collect::<Vec<_>>()
    });
    none(
        wrong,
        "a section turns what is written into what is wanted: what AWS answers belongs to the kind's recognition",
    );
}

#[test]
fn only_cloud_and_kinds_know_the_sdk_clients() {
    let outside = sources().iter().filter(|source| !source.is_in(&["src/cloud", "src/kinds"]));
    let wrong = outside.flat_map(|source| source.mentions(&["aws_sdk_", "aws_config", ".send()"]));
    none(wrong, "make the call a question in kinds/read, a kind's write, or a method of `cloud::Cloud`");
}

#[test]
fn only_cloud_kinds_and_the_sandbox_know_the_sdk_at_all() {
    let outside = sources().iter().filter(|source| !source.is_in(&["src/cloud", "src/kinds", "crates/sandbox"]));
    // Its date and time are plain values that anyone may format.
    let of_the_sdk = |line: &str| {
        let words = ["aws_smithy_", "aws_types", "aws_runtime", "aws_credential_types"];
        let plain = ["aws_smithy_types::DateTime", "aws_smithy_types::date_time"];
        words.iter().any(|word| line.contains(word)) && !plain.iter().any(|word| line.contains(word))
    };
    let wrong = outside.flat_map(|source| source.lines(of_the_sdk));
    none(wrong, "let `cloud` translate it into a type of its own");
}

fn sources_in(module: &str) -> Vec<&'static Source> {
    sources().iter().filter(|source| source.module() == module).collect()
}

/// A mention of a module of the crate.
struct Use {
    module: String,
    /// What follows: `::{Plan, Change};`.
    rest: String,
    place: Finding,
}

/// Every mention of a top-level module in a file, by its path from the crate or through `super`, or of a crate beside it.
fn uses(source: &Source) -> Vec<Use> {
    let up = "super::".repeat(depth(&source.path));
    let mut uses = Vec::new();
    let paths = ["crate::", up.as_str(), CRATES].into_iter().flat_map(|path| source.code.match_indices(path));
    for (at, path) in paths {
        let after = &source.code[at + path.len()..];
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
        let rest = after[end..].split(';').next().unwrap_or_default();
        let line = source.code[..at].matches('\n').count() + 1;
        let place = format!("{}:{line}: {path}{}", source.path, &after[..end]);
        uses.push(Use { module: after[..end].to_owned(), rest: rest.to_owned(), place });
    }
    uses
}

/// What the names of the crates beside the program begin with.
const CRATES: &str = "landing_";

/// How many steps up the crate itself is: 1 for `src/cloud/mod.rs`, 2 for `src/cloud/pace.rs`.
fn depth(path: &str) -> usize {
    let steps = path.matches('/').count();
    if path.ends_with("/mod.rs") { steps - 1 } else { steps }
}

/// Where a file uses other names of `module` than `known`.
fn names_used_of(module: &str, known: &[&str], source: &Source) -> Vec<Finding> {
    let of_it = uses(source).into_iter().filter(|used| used.module == module);
    of_it
        .flat_map(|used| {
            let unknown: Vec<String> = names(&used.rest).filter(|name| !known.contains(&name.as_str())).collect();
            unknown.into_iter().map(move |name| format!("{}::{name}", used.place))
        })
        .collect()
}

/// The first names after `module`: `Plan` and `Change` in `::{Plan, Change}`, `read` in `::read::{Root, Unit}`.
fn names(rest: &str) -> impl Iterator<Item = String> {
    let group = rest.strip_prefix("::{").map(|list| list.split('}').next().unwrap_or_default().to_owned());
    let single = || rest.strip_prefix("::").unwrap_or_default().to_owned();
    let names: Vec<String> = match group {
        Some(list) => list.split(',').map(|name| first_word(name.trim())).collect(),
        None => vec![first_word(&single())],
    };
    names.into_iter().filter(|name| !name.is_empty())
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn uses_are_found_however_they_are_written() {
    let source = Source {
        path: "src/cloud/pace.rs".into(),
        code: "use crate::model::{Plan, Change};\nuse super::super::facts::Look;\nuse super::front::Call;\nuse landing_policy::Level;".into(),
    };
    let found: Vec<String> = uses(&source)
        .into_iter()
        .map(|used| format!("{}: {}", used.module, names(&used.rest).collect::<Vec<_>>().join(" ")))
        .collect();
    assert_eq!(found, ["model: Plan Change", "facts: Look", "policy: Level"]);
    assert!(names_a_type("::resource::{access_role, Account}") && !names_a_type("::resource::access_role"));
}

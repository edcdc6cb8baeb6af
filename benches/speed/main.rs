//! How long landing takes, beside the least that the same work can take: `cargo bench`.
//!
//! Every figure is a median of several runs in one process, and stands beside a floor that is measured or counted
//! in the same run, since times alone say more about the machine than about the program.
//!
//! `cargo bench -- draft pace` prints only these sections: blueprint, calls, work, draft, memory, distance, pace, peer,
//! growth, identity. `LANDING_ORG_FORMATION=FOLDER` names an installed npm package of org-formation to compare with.
//! `cargo bench -- --quick` measures everything once, with small inputs. `cargo bench --bench speed -- --write` writes
//! `docs/reference/performance.md` as well.

#![expect(clippy::panic, clippy::print_stdout, reason = "a bench prints its figures, and fails at once")]

mod blueprint;
mod effort;
mod estate;
mod floor;
mod growth;
mod identity;
mod memory;
mod pace;
mod peer;
mod plan;
mod ratio;
mod served;
mod table;
mod text;

use std::cell::LazyCell;

use effort::effort;
use estate::Estate;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// From a company to the largest organizations.
const SIZES: [Size; 4] = [
    Size { accounts: 50, units: 20, policies: 2 },
    Size { accounts: 500, units: 50, policies: 10 },
    Size { accounts: 2_000, units: 100, policies: 10 },
    Size { accounts: 10_000, units: 500, policies: 50 },
];
/// What `--quick` takes instead.
const SMALL: [Size; 1] = [Size { accounts: 60, units: 20, policies: 2 }];

/// The sizes that are measured.
fn sizes() -> &'static [Size] {
    effort(&SIZES, &SMALL)
}

/// How large an organization is.
#[derive(Clone, Copy)]
struct Size {
    accounts: usize,
    units: usize,
    policies: usize,
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.accounts, self.units, self.policies)
    }
}

/// The argument that asks for the page.
const WRITE: &str = "--write";

/// Writes what was printed to the page for users.
fn write() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/performance.md");
    let head = "# Speed and memory\n\nWhat `cargo bench --bench speed -- --write` printed on a machine with two cores. Sizes are \
                accounts/units/policies. Times say more about the machine than about the program, so each stands beside a \
                floor, which is said in brackets and measured or counted in the same run.\n";
    std::fs::write(page, format!("{head}{}", table::page())).expect("the page can be written");
}

/// Prints one table about these estates.
type Section = fn(&[Estate]);

fn main() {
    if let Some(asked) = memory::asked() {
        memory::measure(&asked);
        return;
    }
    let only: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let chosen = |section: &str| only.is_empty() || only.iter().any(|name| section.contains(name.as_str()));
    println!("\nsizes are accounts/units/policies; the floor is what is said in brackets");
    if chosen("blueprint") {
        blueprint::print();
    }
    let estates = LazyCell::new(|| sizes().iter().copied().map(Estate::new).collect::<Vec<_>>());
    let sections: [(&str, Section); 6] = [
        ("calls", plan::print_calls),
        ("work", plan::print_work),
        ("draft", plan::print_drafts),
        ("memory", memory::print),
        ("distance", plan::print_distance),
        ("identity", identity::print),
    ];
    for (_, print) in sections.iter().filter(|(section, _)| chosen(section)) {
        print(&estates);
    }
    if chosen("pace") {
        pace::print();
    }
    if chosen("peer") {
        peer::print();
    }
    if chosen("growth") {
        growth::print();
    }
    if std::env::args().any(|argument| argument == WRITE) {
        write();
    }
}

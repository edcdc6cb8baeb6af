//! How long landing takes, beside the least that the same work can take: `cargo bench`.
//!
//! Every figure is a median of several runs in one process, and stands beside a floor that is measured or counted
//! in the same run, since times alone say more about the machine than about the program.
//!
//! `cargo bench -- draft pace` prints only these sections: blueprint, work, draft, memory, distance, pace.
//! `cargo bench -- --quick` measures everything once, with small inputs.

mod blueprint;
mod effort;
mod estate;
mod floor;
mod memory;
mod pace;
mod plan;
mod ratio;
mod table;
mod text;

use std::cell::LazyCell;

use effort::effort;
use estate::Estate;

/// A company and a large one: accounts, units, policies.
const SIZES: [Size; 2] =
    [Size { accounts: 500, units: 50, policies: 10 }, Size { accounts: 2000, units: 100, policies: 10 }];
/// What `--quick` takes instead.
const SMALL: [Size; 1] = [Size { accounts: 30, units: 10, policies: 2 }];

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
    let sections: [(&str, Section); 4] = [
        ("work", plan::print_work),
        ("draft", plan::print_drafts),
        ("memory", memory::print),
        ("distance", plan::print_distance),
    ];
    for (_, print) in sections.iter().filter(|(section, _)| chosen(section)) {
        print(&estates);
    }
    if chosen("pace") {
        pace::print();
    }
}

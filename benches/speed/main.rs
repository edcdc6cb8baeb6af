//! How long landing takes, beside the least that the same work can take: `cargo bench`.
//!
//! Every figure is a median of several runs in one process, and stands beside a floor that is measured or counted
//! in the same run, since times alone say more about the machine than about the program.

mod blueprint;
mod estate;
mod floor;
mod memory;
mod pace;
mod plan;
mod table;
mod text;

use estate::Estate;

/// A company and a large one: accounts, units, policies.
const SIZES: [Size; 2] =
    [Size { accounts: 500, units: 50, policies: 10 }, Size { accounts: 2000, units: 100, policies: 10 }];

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

fn main() {
    if let Some(asked) = memory::asked() {
        memory::measure(&asked);
        return;
    }
    println!("\nsizes are accounts/units/policies; the floor is what is said in brackets\n");
    blueprint::print();
    let estates = SIZES.map(Estate::new);
    plan::print_work(&estates);
    plan::print_thinking(&estates);
    memory::print(&estates);
    plan::print_distance(&estates);
    pace::print();
}

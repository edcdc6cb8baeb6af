//! How fast policies decide: `cargo bench --bench policy`.
//!
//! Figures stand beside a floor that is measured in the same run, since times alone say more about the machine than
//! about the program. `cargo bench --bench policy -- replay` prints only this section: replay, evaluation.
//! `cargo bench --bench policy -- --quick` measures everything once, with small inputs.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod cases;
#[path = "../speed/effort.rs"]
mod effort;
mod evaluation;
mod events;
mod guardrails;
mod logs;
#[path = "../../crates/policy/tests/policy/random.rs"]
mod random;
mod replay;
#[expect(dead_code, reason = "the page is that of the other bench")]
#[path = "../speed/table.rs"]
mod table;

fn main() {
    if let Some(asked) = replay::asked() {
        replay::measure(asked);
        return;
    }
    let only: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let sections: [(&str, fn()); 2] = [("replay", replay::print), ("evaluation", evaluation::print)];
    for (section, print) in sections {
        if only.is_empty() || only.iter().any(|name| section.contains(name.as_str())) {
            print();
        }
    }
}

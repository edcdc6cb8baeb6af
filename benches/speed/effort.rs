//! How much work the figures are worth.

/// Whether `--quick` is given: everything is measured once, with small inputs, so that the gate sees in seconds that the
/// benches still run. Such figures say nothing about speed.
pub fn is_quick() -> bool {
    std::env::args().any(|argument| argument == QUICK)
}

/// The argument that asks for little effort.
pub const QUICK: &str = "--quick";

/// `usual`, or `small` where `--quick` is given.
pub fn effort<T>(usual: T, small: T) -> T {
    if is_quick() { small } else { usual }
}

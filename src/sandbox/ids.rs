//! Ids that look random and are not: the same calls give the same ids.

use sha2::{Digest, Sha256};

/// `length` lower-case letters and digits that depend on `seed`.
pub(super) fn characters(seed: &str, length: usize) -> String {
    pick(b"0123456789abcdefghijklmnopqrstuvwxyz", seed, length)
}

/// `length` digits that depend on `seed`.
pub(super) fn digits(seed: &str, length: usize) -> String {
    pick(b"0123456789", seed, length)
}

fn pick(alphabet: &[u8], seed: &str, length: usize) -> String {
    let digest = Sha256::digest(seed);
    let characters = digest.iter().cycle().take(length);
    characters.map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()])).collect()
}

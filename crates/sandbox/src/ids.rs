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

/// `length` digits of base 16 that depend on `seed`.
pub(super) fn hexadecimal(seed: &str, length: usize) -> String {
    pick(b"0123456789abcdef", seed, length)
}

/// A version 4 UUID in form, which depends on `seed`.
pub(super) fn uuid(seed: &str) -> String {
    let digits = hexadecimal(seed, 32);
    format!("{}-{}-4{}-8{}-{}", &digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..])
}

fn pick(alphabet: &[u8], seed: &str, length: usize) -> String {
    let digest = Sha256::digest(seed);
    let characters = digest.iter().cycle().take(length);
    characters.map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()])).collect()
}

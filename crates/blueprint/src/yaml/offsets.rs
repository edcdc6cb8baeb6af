//! From the parser's positions, in characters, to bytes.

/// Where each character of a text begins.
pub(super) struct Offsets<'t> {
    text: &'t str,
    /// The byte of every character; empty for ASCII, where the two are the same.
    bytes: Vec<u32>,
}

impl<'t> Offsets<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let byte = |(at, _)| u32::try_from(at).unwrap_or(u32::MAX);
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(byte).collect() };
        Offsets { text, bytes }
    }

    /// The byte at which the character number `index` begins; the text's end for any further one.
    pub(super) fn byte(&self, index: usize) -> usize {
        if self.bytes.is_empty() {
            return index.min(self.text.len());
        }
        self.bytes.get(index).map_or(self.text.len(), |byte| *byte as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Offsets;

    #[test]
    fn characters_become_bytes_and_never_leave_the_text() {
        let offsets = Offsets::of("aé𝄞z");
        assert_eq!([0, 1, 2, 3, 4, 99].map(|index| offsets.byte(index)), [0, 1, 3, 7, 8, 8]);
        assert_eq!(Offsets::of("az").byte(9), 2);
    }
}

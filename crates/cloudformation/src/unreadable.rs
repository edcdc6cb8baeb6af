/// Why a template cannot be rendered or read, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Line in the text, from 1; 0 when the place is not known.
    pub line: usize,
    /// Column in the line, from 1; 0 when the place is not known.
    pub column: usize,
    /// What is wrong, without the place.
    pub message: String,
}

//! Where in which file something was written.

use std::ops::Range;

/// One of the files that [`Sources`](super::Sources) holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(super) u32);

/// A stretch of one file, in bytes; its ends lie on character boundaries.
///
/// Files are read in the order in which the blueprint names them, so sorting by place sorts as a reader would meet
/// resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    file: FileId,
    start: u32,
    end: u32,
}

impl Place {
    /// The place of what no file says, such as a default.
    pub const NOWHERE: Place = Place { file: FileId(u32::MAX), start: 0, end: 0 };

    /// The bytes `range` of `file`. Files are far below 4 GB (see [`MAX_FILE_BYTES`](super::source::MAX_FILE_BYTES)).
    #[must_use]
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Place { file, start: narrow(range.start), end: narrow(range.end) }
    }

    /// The file, meaningless for [`Place::NOWHERE`].
    #[must_use]
    pub fn file(self) -> FileId {
        self.file
    }

    /// The bytes within the file.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether a file says it.
    #[must_use]
    pub fn is_somewhere(self) -> bool {
        self.file != Place::NOWHERE.file
    }

    /// File, start and end as plain numbers, from which [`Place::from_parts`] makes the place again.
    pub(super) fn parts(self) -> [u32; 3] {
        [self.file.0, self.start, self.end]
    }

    pub(super) fn from_parts([file, start, end]: [u32; 3]) -> Self {
        Place { file: FileId(file), start, end }
    }

    /// Whether `inner` lies within `self`.
    pub(super) fn holds(self, inner: Place) -> bool {
        self.file == inner.file && self.start <= inner.start && inner.end <= self.end
    }

    /// From the start of `self` to the end of `last`, a later place of the same file.
    #[must_use]
    pub fn to(self, last: Place) -> Self {
        Place { end: last.end.max(self.end), ..self }
    }
}

impl Default for Place {
    fn default() -> Self {
        Place::NOWHERE
    }
}

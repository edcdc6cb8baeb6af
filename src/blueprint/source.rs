//! Every file that a blueprint draws in, with its text.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::diagnostic::Diagnostic;
use super::library::{Library, Unreadable, resolve};
use super::place::{FileId, Place};
use super::suggest::did_you_mean;

/// The largest file that is read.
pub const MAX_FILE_BYTES: usize = 4 << 20;
/// The most that all files together may hold.
pub const MAX_TOTAL_BYTES: usize = 64 << 20;
/// The most files that one blueprint may draw in.
pub const MAX_FILES: usize = 5_000;

/// Every file that a blueprint has drawn in so far, with its name and text.
#[derive(Clone, Debug)]
pub struct Sources {
    library: Library,
    files: Vec<Source>,
    by_name: HashMap<String, FileId>,
    total_bytes: usize,
}

#[derive(Clone, Debug)]
struct Source {
    /// The path from the blueprint's folder.
    name: String,
    /// The path as the user can open it.
    shown: String,
    text: String,
    /// The byte at which each line begins.
    line_starts: Vec<usize>,
}

impl Sources {
    /// Nothing yet, of the folder that holds the blueprint `path`; and the blueprint's name in it.
    pub(super) fn beside(path: &Path) -> (Self, String) {
        match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) => {
                (Self::of(Library::Folder(folder.to_owned())), name.to_string_lossy().into_owned())
            }
            _ => (Self::of(Library::Folder(path.to_owned())), String::new()),
        }
    }

    /// Nothing yet, of files held in memory, given as name and text.
    pub(super) fn embedded(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Self::of(Library::Embedded(files.collect()))
    }

    fn of(library: Library) -> Self {
        Sources { library, files: Vec::new(), by_name: HashMap::new(), total_bytes: 0 }
    }

    /// The path of a file as the user can open it from where the program was started, such as `ous/dev.yaml`.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        &self.source(file).shown
    }

    /// The text of a file, without a byte order mark.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        &self.source(file).text
    }

    /// What is written at a place; empty for [`Place::NOWHERE`].
    #[must_use]
    pub fn excerpt(&self, place: Place) -> &str {
        if place.is_somewhere() { &self.text(place.file())[place.range()] } else { "" }
    }

    /// Line and column at which a place starts, both counted from 1, columns in characters; (0, 0) for
    /// [`Place::NOWHERE`].
    #[must_use]
    pub fn position(&self, place: Place) -> (usize, usize) {
        if !place.is_somewhere() {
            return (0, 0);
        }
        let source = self.source(place.file());
        let start = place.range().start;
        let line = source.line_starts.partition_point(|line_start| *line_start <= start);
        let column = source.text[source.line_starts[line - 1]..start].chars().count() + 1;
        (line, column)
    }

    /// File and line as `landing.yaml:12`; empty for [`Place::NOWHERE`].
    #[must_use]
    pub fn at(&self, place: Place) -> String {
        if place.is_somewhere() {
            format!("{}:{}", self.name(place.file()), self.position(place).0)
        } else {
            String::new()
        }
    }

    /// The lines that `place` touches: the number of the first, counted from 1, and their bytes.
    pub(super) fn lines(&self, place: Place) -> (usize, std::ops::Range<usize>) {
        let source = self.source(place.file());
        let after = |offset: usize| source.line_starts.partition_point(|line_start| *line_start <= offset);
        let (first, next) = (after(place.range().start), after(place.range().end));
        let end = source.line_starts.get(next).map_or(source.text.len(), |start| start - 1);
        (first, source.line_starts[first - 1]..end)
    }

    /// Draws in the file that is named as `path` at the place `from`, relative to the file that holds `from` (to the
    /// blueprint for [`Place::NOWHERE`]), and answers its id and text. A file that was drawn in before is not read
    /// again.
    ///
    /// # Errors
    /// The file does not exist, cannot be read, is not UTF-8, or one of the limits above is met. The path is absolute.
    pub fn draw_in(&mut self, from: Place, path: &str) -> Result<(FileId, &str), Box<Diagnostic>> {
        let name = self.resolve(from, path)?;
        let file = self.read(from, &name)?;
        Ok((file, self.text(file)))
    }

    /// What `path`, written at the place `from`, is called here.
    pub(super) fn resolve(&self, from: Place, path: &str) -> Result<String, Box<Diagnostic>> {
        let holder = if from.is_somewhere() { &self.source(from.file()).name } else { "" };
        resolve(holder, path).ok_or_else(|| {
            let message = format!("`{path}` is an absolute path");
            Box::new(
                Diagnostic::error("file", message)
                    .at(from)
                    .help("write the path relative to this file, so that the blueprint works in every checkout"),
            )
        })
    }

    /// The names that the pattern `path`, written at the place `from`, matches; sorted.
    pub(super) fn matching(&self, from: Place, path: &str) -> Result<Vec<String>, Box<Diagnostic>> {
        Ok(self.library.matching(&self.resolve(from, path)?))
    }

    /// Reads the file called `name` unless it was read before; `from` is the place that asks for it.
    pub(super) fn read(&mut self, from: Place, name: &str) -> Result<FileId, Box<Diagnostic>> {
        if let Some(file) = self.by_name.get(name) {
            return Ok(*file);
        }
        let refuse = |why: String| Box::new(Diagnostic::error("file", why).at(from));
        let shown = self.library.shown(name);
        let bytes = self.library.read(name).map_err(|why| self.unreadable(from, name, &why))?;
        if self.files.len() >= MAX_FILES || self.total_bytes + bytes.len() > MAX_TOTAL_BYTES {
            let limit = MAX_TOTAL_BYTES >> 20;
            return Err(refuse(format!("the blueprint has more than {MAX_FILES} files or {limit} MB")));
        }
        self.total_bytes += bytes.len();
        let text = decode(bytes).map_err(|why| refuse(format!("`{shown}` {why}")))?;
        Ok(self.add(name, shown, text))
    }

    fn add(&mut self, name: &str, shown: String, text: String) -> FileId {
        let file = FileId(u32::try_from(self.files.len()).expect("there are at most MAX_FILES files"));
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect();
        self.by_name.insert(name.to_owned(), file);
        self.files.push(Source { name: name.to_owned(), shown, text, line_starts });
        file
    }

    fn unreadable(&self, from: Place, name: &str, why: &Unreadable) -> Box<Diagnostic> {
        let shown = self.library.shown(name);
        let mut diagnostic = Diagnostic::error("file", format!("`{shown}` {why}")).at(from);
        if *why == Unreadable::Missing {
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let pattern = if folder.is_empty() { "*".to_owned() } else { format!("{folder}/*") };
            let beside = self.library.matching(&pattern);
            if let Some(near) = did_you_mean(name, beside.iter().map(String::as_str)) {
                diagnostic = diagnostic.help(format!("did you mean `{}`?", self.library.shown(near)));
            }
        }
        if *why == Unreadable::Folder {
            diagnostic = diagnostic.help("name a file in it, such as its `landing.yaml`");
        }
        Box::new(diagnostic)
    }

    /// A fingerprint of the names and texts of all files drawn in so far, in hexadecimal. The order in which they were
    /// read does not matter, nor does the folder that the blueprint lies in.
    #[must_use]
    pub fn sha256(&self) -> String {
        let mut files: Vec<&Source> = self.files.iter().collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let mut hash = Sha256::new();
        for part in files.iter().flat_map(|source| [&source.name, &source.text]) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn source(&self, file: FileId) -> &Source {
        &self.files[file.0 as usize]
    }
}

/// The text of a file; its error ends a sentence that begins with the file's name.
fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("is UTF-16; save it as UTF-8".to_owned());
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("is not UTF-8 (line {line}); save it as UTF-8")
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

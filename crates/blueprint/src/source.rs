//! Every file that a blueprint draws in, with its text.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::diagnostic::Diagnostic;
use super::folder::{Folder, Walk};
use super::library::{Library, Unreadable, resolve};
use super::place::{FileId, Place};
use super::suggest::did_you_mean;
use super::yaml::key_place;

/// The largest file that is read.
pub const MAX_FILE_BYTES: usize = 4 << 20;
/// The most that all files together may hold.
pub const MAX_TOTAL_BYTES: usize = 64 << 20;
/// The most files that one blueprint may draw in.
pub const MAX_FILES: usize = 5_000;
/// The longest path or pattern, in bytes: Linux takes no longer one.
const MAX_PATH: usize = 4_096;
/// Files of a folder that are named where another one is missing.
const NAMED: usize = 5;
/// Secrets with fewer bytes are hidden only where they are written: they may be parts of any word.
const SHORTEST_SECRET: usize = 4;

/// Every file that a blueprint has drawn in so far, with its name and text.
#[derive(Clone, Debug)]
pub struct Sources {
    library: Library,
    files: Vec<Source>,
    by_name: HashMap<String, FileId>,
    total_bytes: usize,
    walk: Walk,
    /// What is not shown: stretches of files, and texts wherever they stand.
    hidden: (Vec<Place>, Vec<String>),
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
    /// How many characters stand before every [`STRIDE`]th byte; empty for ASCII, where they are as many as the bytes.
    characters: Vec<u32>,
}

/// After how many bytes the characters of a text are counted anew, so that finding a column in a long line takes no
/// longer than in a short one.
const STRIDE: usize = 1024;

impl Source {
    /// How many characters stand before a byte on a character boundary.
    fn characters_before(&self, byte: usize) -> usize {
        let Some(counted) = self.characters.get(byte / STRIDE) else { return byte };
        let rest = &self.text.as_bytes()[byte - byte % STRIDE..byte];
        *counted as usize + rest.iter().filter(|byte| begins_character(**byte)).count()
    }
}

fn begins_character(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

fn characters(text: &str) -> Vec<u32> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut before = 0;
    let mut counted = Vec::with_capacity(text.len() / STRIDE + 2);
    for stride in text.as_bytes().chunks(STRIDE) {
        counted.push(before);
        before += u32::try_from(stride.iter().filter(|byte| begins_character(**byte)).count()).unwrap_or(0);
    }
    counted.push(before);
    counted
}

impl Sources {
    /// Nothing yet, of the folder that holds the blueprint `path`; and the blueprint's name in it. Files are read below
    /// `root`, or below that folder.
    pub(super) fn beside(path: &Path, root: Option<&Path>) -> (Self, String) {
        let of = |folder: &Path| Self::of(Library::Folder(Folder::new(folder, root)));
        match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) => (of(folder), name.to_string_lossy().into_owned()),
            _ => (of(path), String::new()),
        }
    }

    /// Nothing yet, of files held in memory, given as name and text.
    pub(super) fn embedded(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Self::of(Library::Embedded(files.collect()))
    }

    fn of(library: Library) -> Self {
        Sources {
            library,
            files: Vec::new(),
            by_name: HashMap::new(),
            total_bytes: 0,
            walk: Walk::default(),
            hidden: Default::default(),
        }
    }

    /// The path of a file as the user can open it from where the program was started, such as `ous/dev.yaml`.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        &self.source(file).shown
    }

    /// Every file that was drawn in, in the order in which they were read; the blueprint is the first.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        (0..u32::try_from(self.files.len()).unwrap_or(u32::MAX)).map(FileId)
    }

    /// The names of all files, as paths from the blueprint's folder, with their texts, those in `changed` in place of what was
    /// read, and those of `added` after them.
    pub(super) fn with_changed<'a>(
        &'a self,
        changed: &'a [(FileId, String)],
        added: &[(&'a str, &'a str)],
    ) -> Vec<(&'a str, &'a str)> {
        let text = |file| changed.iter().find(|(of, _)| *of == file).map_or(self.text(file), |(_, text)| text.as_str());
        let files = self.files().map(|file| (self.source(file).name.as_str(), text(file)));
        files.chain(added.iter().copied()).collect()
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

    /// Lets no excerpt show what is written at `place`, nor `secret` wherever it stands.
    pub fn hide(&mut self, place: Place, secret: &str) {
        self.hidden.0.push(place);
        if secret.len() >= SHORTEST_SECRET {
            self.hidden.1.push(secret.to_owned());
        }
    }

    /// The bytes `range` of a file as they may be shown: what is hidden becomes as many asterisks.
    pub(super) fn shown_text(&self, file: FileId, range: std::ops::Range<usize>) -> String {
        let text = &self.text(file)[range.clone()];
        let places = self.hidden.0.iter().filter(|place| place.is_somewhere() && place.file() == file);
        let mut hidden: Vec<std::ops::Range<usize>> = places.map(|place| place.range()).collect();
        let of_secret = |secret: &String| {
            text.match_indices(secret.as_str())
                .map(|(at, found)| range.start + at..range.start + at + found.len())
                .collect::<Vec<_>>()
        };
        hidden.extend(self.hidden.1.iter().flat_map(of_secret));
        if hidden.is_empty() {
            return text.to_owned();
        }
        let is_hidden = |at: usize| hidden.iter().any(|range| range.contains(&at));
        let shown = |(at, c): (usize, char)| match c {
            '\r' | '\n' => c.to_string(),
            _ if is_hidden(range.start + at) => "*".repeat(c.len_utf8()),
            _ => c.to_string(),
        };
        text.char_indices().map(shown).collect()
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
        let column = source.characters_before(start) - source.characters_before(source.line_starts[line - 1]) + 1;
        (line, column)
    }

    /// Where `key` is written in the map at `map`; `map` where it is not written there, as in a map of a value.
    #[must_use]
    pub fn key(&self, map: Place, key: &str) -> Place {
        key_place(self, map, key).unwrap_or(map)
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
        if path.len() > MAX_PATH {
            let message = format!("a path has {} bytes, at most {MAX_PATH} are read", path.len());
            return Err(Box::new(Diagnostic::error("file", message).at(from)));
        }
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
    pub(super) fn matching(&mut self, from: Place, path: &str) -> Result<Vec<String>, Box<Diagnostic>> {
        let pattern = self.resolve(from, path)?;
        let matching = self.library.matching(&pattern, &mut self.walk);
        matching.map_err(|why| self.unreadable(from, &pattern, &why))
    }

    /// Reads the file called `name` unless it was read before; `from` is the place that asks for it.
    pub(super) fn read(&mut self, from: Place, name: &str) -> Result<FileId, Box<Diagnostic>> {
        if let Some(file) = self.by_name.get(name) {
            return Ok(*file);
        }
        let refuse = |why: String| Box::new(Diagnostic::error("file", why).at(from));
        let shown = self.library.shown(name);
        let bytes = match self.library.read(name) {
            Ok(bytes) => bytes,
            Err(why) => return Err(self.unreadable(from, name, &why)),
        };
        if self.files.len() >= MAX_FILES || self.total_bytes + bytes.len() > MAX_TOTAL_BYTES {
            let limit = MAX_TOTAL_BYTES >> 20;
            return Err(refuse(format!("the blueprint has more than {MAX_FILES} files or {limit} MB")));
        }
        self.total_bytes += bytes.len();
        let text = decode(bytes).map_err(|undecodable| {
            let diagnostic = Diagnostic::error("file", format!("`{shown}` {}", undecodable.why)).at(from);
            let help = |(line, column)| format!("the first byte that is not UTF-8 is at {shown}:{line}:{column}");
            Box::new(match undecodable.at.map(help) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            })
        })?;
        Ok(self.add(name, shown, text))
    }

    fn add(&mut self, name: &str, shown: String, text: String) -> FileId {
        let file = FileId(u32::try_from(self.files.len()).expect("there are at most MAX_FILES files"));
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect();
        self.by_name.insert(name.to_owned(), file);
        let characters = characters(&text);
        self.files.push(Source { name: name.to_owned(), shown, text, line_starts, characters });
        file
    }

    fn unreadable(&mut self, from: Place, name: &str, why: &Unreadable) -> Box<Diagnostic> {
        let shown = self.library.shown(name);
        let diagnostic = Diagnostic::error("file", format!("`{shown}` {why}")).at(from);
        let help = match why {
            Unreadable::Missing => self.similar(name),
            Unreadable::Folder => Some("name a file in it, such as its `landing.yaml`".to_owned()),
            Unreadable::Outside => Some(
                "put the file into the blueprint's folder, or allow a wider folder with `--root DIR`: links count as what \
                 they lead to"
                    .to_owned(),
            ),
            Unreadable::TooMany => Some("name the folder that holds the files, such as `units/*.yaml`".to_owned()),
            _ => None,
        };
        Box::new(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        })
    }

    /// A question about the file in the same folder whose name is most like `name`, or about one of that name in a folder beside; or
    /// what the folder has.
    fn similar(&mut self, name: &str) -> Option<String> {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let beside = |folder: &str| if folder.is_empty() { "*".to_owned() } else { format!("{folder}/*") };
        let parent = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        let elsewhere = format!("{}/{file}", beside(parent));
        let mut matching = |pattern: &str| self.library.matching(pattern, &mut self.walk).unwrap_or_default();
        let (same_folder, same_name) = (matching(&beside(folder)), matching(&elsewhere));
        let near = did_you_mean(name, same_folder.iter().chain(&same_name).map(String::as_str));
        if let Some(near) = near.or_else(|| same_name.first().map(String::as_str)) {
            return Some(format!("did you mean `{}`?", self.library.shown(near)));
        }
        let files: Vec<String> =
            same_folder.iter().take(NAMED).map(|file| format!("`{}`", self.library.shown(file))).collect();
        let more = if same_folder.len() > NAMED { " …" } else { "" };
        (!folder.is_empty() && !files.is_empty()).then(|| format!("the folder has {}{more}", files.join(", ")))
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

/// Why a file is no text; `why` ends a sentence that begins with the file's name.
struct Undecodable {
    why: String,
    /// Line and column, counted from 1.
    at: Option<(usize, usize)>,
}

fn decode(bytes: Vec<u8>) -> Result<String, Undecodable> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Undecodable { why: "is UTF-16; save it as UTF-8".to_owned(), at: None });
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let line = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        Undecodable { why: format!("is not UTF-8 (line {line}); save it as UTF-8"), at: Some((line, column)) }
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

//! A log as a stream of records, in every form in which CloudTrail's events are kept.

mod envelope;
mod flat;
mod inflated;
mod looks;
mod split;
mod table;

use std::fmt;
use std::io::{self, Read};

pub use inflated::inflated;
use split::Splitter;

/// Why a log cannot be read, or not to its end.
#[derive(Debug)]
pub enum LogError {
    /// It has nothing in it.
    Empty,
    /// It is something else; what it looks like.
    Unknown(String),
    /// It cannot be read on.
    Damaged(io::Error),
}

impl LogError {
    fn damaged(why: &str) -> Self {
        Self::Damaged(io::Error::new(io::ErrorKind::InvalidData, why))
    }
}

impl From<io::Error> for LogError {
    fn from(error: io::Error) -> Self {
        Self::Damaged(error)
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("is empty: no CloudTrail event is in it"),
            Self::Unknown(what) => write!(formatter, "is not a CloudTrail log: it looks like {what}"),
            Self::Damaged(error) => write!(formatter, "cannot be read: {error}"),
        }
    }
}

impl std::error::Error for LogError {}

/// A record that is no text.
#[derive(Debug)]
struct Broken;

/// What a log is made of.
#[derive(Debug)]
pub(super) enum Record<'a> {
    /// An event as CloudTrail writes it, or something else in JSON.
    Json(&'a str),
    /// A part that is no event, and what it looks like.
    Unknown(String),
}

pub(super) use envelope::{Opened, open};

/// Members of objects whose lists are records: of CloudTrail's files, `lookup-events`, logs of CloudWatch and what is
/// subscribed to them, searches of Splunk and of CloudWatch, and queries of CloudTrail Lake.
const LISTS: [&str; 7] = ["Records", "records", "Events", "events", "logEvents", "results", "QueryResultRows"];

/// Calls `each` with every record, in whatever way they are put together: in lists, under a member of an object, one after
/// the other with or without anything in between, in lines that begin with a time, or in a table.
///
/// # Errors
/// When the log is empty, is no text with such records, or breaks off. What came before counts.
pub(super) fn for_each_record(input: impl Read, each: &mut dyn FnMut(Record<'_>)) -> Result<(), LogError> {
    let mut reader = Reader { rest: Splitter::new(input), each };
    reader.check_beginning()?;
    while let Some(byte) = reader.rest.peek()? {
        match byte {
            b'{' => reader.object()?,
            b'[' => reader.list()?,
            b',' => reader.rest.skip(1),
            b']' | b'}' => reader.stray_bracket(),
            _ => reader.line()?,
        }
    }
    Ok(())
}

struct Reader<'e, R> {
    rest: Splitter<R>,
    each: &'e mut dyn FnMut(Record<'_>),
}

impl<R: Read> Reader<'_, R> {
    /// Refuses what is no text before any of it is taken for some.
    fn check_beginning(&mut self) -> Result<(), LogError> {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        if self.rest.first(3)? == BYTE_ORDER_MARK {
            self.rest.skip(3);
        }
        if let Some(what) = looks::binary(self.rest.first(8)?) {
            return Err(LogError::Unknown(what.to_owned()));
        }
        match self.rest.peek()? {
            None => Err(LogError::Empty),
            Some(b'{' | b'[') => Ok(()),
            Some(_) => self.check_text(),
        }
    }

    /// A log that does not begin with JSON is a table, or lines that have JSON behind a time.
    fn check_text(&mut self) -> Result<(), LogError> {
        let length = self.rest.line_length(true)?;
        let line = String::from_utf8_lossy(self.rest.first(length)?).into_owned();
        if let Some(columns) = table::columns(&line) {
            let columns = columns.map_err(LogError::Unknown)?;
            self.rest.skip(length);
            return self.rows(&columns);
        }
        if looks::prefix_length(&line).is_none() {
            return Err(LogError::Unknown(looks::text(&line)));
        }
        Ok(())
    }

    fn rows(&mut self, columns: &[String]) -> Result<(), LogError> {
        while self.rest.peek()?.is_some() {
            let length = self.rest.line_length(true)?;
            match self.rest.take(length) {
                Ok(line) => (self.each)(Record::Json(&table::row(columns, line))),
                Err(Broken) => (self.each)(Record::Unknown("text that is not UTF-8".to_owned())),
            }
        }
        Ok(())
    }

    /// A line that does not begin with JSON.
    fn line(&mut self) -> Result<(), LogError> {
        let length = self.rest.line_length(false)?;
        let line = String::from_utf8_lossy(self.rest.first(length)?).into_owned();
        match looks::prefix_length(&line) {
            Some(prefix) => self.rest.skip(prefix),
            None => {
                self.rest.skip(length);
                (self.each)(Record::Unknown(looks::text(&line)));
            }
        }
        Ok(())
    }

    /// An object: the records in one of its lists, or one record.
    fn object(&mut self) -> Result<(), LogError> {
        let Some(list) = self.offset_of_list()? else { return self.record() };
        self.rest.skip(list);
        self.list()?;
        self.members()
    }

    /// How far into the object its list of records begins, if there is one. Members before it are few and short wherever
    /// that is known.
    fn offset_of_list(&mut self) -> Result<Option<usize>, LogError> {
        /// How far into an object its list is looked for.
        const FAR: usize = 64 << 10;
        let beginning = self.rest.first(FAR)?;
        Ok(looks::list_offset(beginning, &LISTS))
    }

    /// The members of an object behind its list; further lists of records are read too.
    fn members(&mut self) -> Result<(), LogError> {
        let mut name = String::new();
        loop {
            match self.rest.peek()? {
                None => return Err(LogError::damaged("it breaks off")),
                Some(b'}') => {
                    self.rest.skip(1);
                    return Ok(());
                }
                Some(b',' | b':') => self.rest.skip(1),
                Some(b'[') if LISTS.contains(&name.as_str()) => self.list()?,
                Some(_) => {
                    let length = self.rest.value_length()?;
                    name = self.rest.take(length).unwrap_or_default().trim_matches('"').to_owned();
                }
            }
        }
    }

    /// The elements of a list.
    fn list(&mut self) -> Result<(), LogError> {
        self.rest.skip(1);
        loop {
            match self.rest.peek()? {
                None => return Err(LogError::damaged("it breaks off")),
                Some(b']') => {
                    self.rest.skip(1);
                    return Ok(());
                }
                Some(b',') => self.rest.skip(1),
                Some(_) => self.record()?,
            }
        }
    }

    fn stray_bracket(&mut self) {
        self.rest.skip(1);
        (self.each)(Record::Unknown("JSON with a closing bracket too many".to_owned()));
    }

    fn record(&mut self) -> Result<(), LogError> {
        let length = self.rest.value_length()?;
        match self.rest.take(length) {
            Ok(record) => (self.each)(Record::Json(record)),
            Err(Broken) => (self.each)(Record::Unknown("text that is not UTF-8".to_owned())),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

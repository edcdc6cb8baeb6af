//! Cutting a log into its records without holding all of it.

use std::io::{self, Read};

use super::{Broken, LogError};

/// The longest record. CloudTrail's events have at most 1 MB
/// (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>).
pub(super) const MAX_RECORD_BYTES: usize = 8 << 20;
/// How much is read at once.
const CHUNK: usize = 256 << 10;

/// A log as far as it was read. What was cut off and handed on is dropped, so that it takes as much memory as one record.
pub(super) struct Splitter<R> {
    input: R,
    buffer: Vec<u8>,
    /// Where in the buffer the rest begins.
    at: usize,
    is_at_end: bool,
}

impl<R: Read> Splitter<R> {
    pub fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), at: 0, is_at_end: false }
    }

    /// The next byte that is not white space, which is dropped.
    pub fn peek(&mut self) -> Result<Option<u8>, LogError> {
        loop {
            let rest = &self.buffer[self.at..];
            if let Some(next) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) {
                self.at += next;
                return Ok(Some(self.buffer[self.at]));
            }
            self.at = self.buffer.len();
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// The first bytes of the rest, as many as are asked for unless the log ends.
    pub fn first(&mut self, count: usize) -> Result<&[u8], LogError> {
        while self.buffer.len() - self.at < count && self.fill()? {}
        let end = self.buffer.len().min(self.at + count);
        Ok(&self.buffer[self.at..end])
    }

    /// Drops this many bytes of the rest.
    pub fn skip(&mut self, count: usize) {
        self.at = self.buffer.len().min(self.at + count);
    }

    /// How long the JSON value is with which the rest begins: only brackets and texts are looked at.
    ///
    /// # Errors
    /// When it does not end, or is too long for a record.
    pub fn value_length(&mut self) -> Result<usize, LogError> {
        let (mut at, mut depth) = (0_usize, 0_usize);
        loop {
            if depth > 0 {
                at += self.distance(at, |byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'));
            }
            let Some(byte) = self.byte(at)? else {
                return if depth == 0 && at > 0 { Ok(at) } else { Err(LogError::damaged("it breaks off")) };
            };
            match byte {
                b'"' => {
                    at = self.text_end(at + 1)?;
                    if depth == 0 {
                        return Ok(at);
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth <= 1 => return Ok(if depth == 1 { at + 1 } else { at.max(1) }),
                b'}' | b']' => depth -= 1,
                b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return Ok(at.max(1)),
                _ => {}
            }
            at += 1;
        }
    }

    /// How long the rest of the line is, its end included, if not within a text in quotes.
    pub fn line_length(&mut self, heeds_quotes: bool) -> Result<usize, LogError> {
        let (mut at, mut is_quoted) = (0, false);
        while let Some(byte) = self.byte(at)? {
            at += 1;
            match byte {
                b'"' if heeds_quotes => is_quoted = !is_quoted,
                b'\n' if !is_quoted => break,
                _ => {}
            }
        }
        Ok(at)
    }

    /// The first bytes of the rest, which are dropped.
    ///
    /// # Errors
    /// When they are not UTF-8.
    pub fn take(&mut self, length: usize) -> Result<&str, Broken> {
        let start = self.at;
        self.skip(length);
        str::from_utf8(&self.buffer[start..self.at]).map_err(|_| Broken)
    }

    /// Where a text ends whose first byte after the quote is given, its closing quote included.
    fn text_end(&mut self, mut at: usize) -> Result<usize, LogError> {
        loop {
            at += self.distance(at, |byte| matches!(byte, b'"' | b'\\'));
            match self.byte(at)? {
                Some(b'"') => return Ok(at + 1),
                Some(b'\\') => at += 2,
                Some(_) => {}
                None => return Err(LogError::damaged("it breaks off")),
            }
        }
    }

    /// How far it is from a place to the next byte of these, or to the end of what was read.
    fn distance(&self, at: usize, is_wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.buffer.get(self.at + at..).unwrap_or_default();
        rest.iter().position(|byte| is_wanted(*byte)).unwrap_or(rest.len())
    }

    /// The byte at a distance from where the rest begins, read if it was not yet.
    #[inline]
    fn byte(&mut self, at: usize) -> Result<Option<u8>, LogError> {
        while self.buffer.len() <= self.at + at {
            if at > MAX_RECORD_BYTES {
                return Err(LogError::damaged("a single record has more than 8 MiB"));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
        Ok(Some(self.buffer[self.at + at]))
    }

    /// Reads more, and drops what was handed on; nothing at the end.
    fn fill(&mut self) -> Result<bool, LogError> {
        if self.is_at_end {
            return Ok(false);
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        let before = self.buffer.len();
        self.buffer.resize(before + CHUNK, 0);
        let read = loop {
            match self.input.read(&mut self.buffer[before..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer.truncate(before + *read.as_ref().unwrap_or(&0));
        self.is_at_end = *read.as_ref().unwrap_or(&0) == 0;
        read.map(|count| count > 0).map_err(LogError::from)
    }
}

#[cfg(test)]
mod tests;

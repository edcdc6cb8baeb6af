//! `--format` of one command.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, Error, ValueEnum};

use super::super::global::Format;

/// Offers the formats of one command. A format of another command parses too: the refusal names the command's own.
#[derive(Clone)]
pub(super) struct OneOf(pub &'static [Format]);

impl TypedValueParser for OneOf {
    type Value = Format;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Format, Error> {
        let known = value.to_str().and_then(|name| Format::from_str(name, false).ok());
        known.map_or_else(|| self.refused(command, argument, value), Ok)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().filter_map(ValueEnum::to_possible_value)))
    }
}

impl OneOf {
    /// No format at all: clap names those that are meant, and one that is spelled alike.
    fn refused(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Format, Error> {
        let names =
            PossibleValuesParser::new(self.0.iter().filter_map(ValueEnum::to_possible_value).collect::<Vec<_>>());
        names.parse_ref(command, argument, value).map(|_| Format::default())
    }
}

/// A format as it is written behind `--format`.
pub(super) fn name_of(format: Format) -> String {
    format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

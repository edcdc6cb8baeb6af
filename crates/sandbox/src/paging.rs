//! Pages of lists, with tokens that only fit the list they came from.

use serde_json::{Map, Value, json};

use crate::aws_error::{Answer, ApiError};
use crate::request::Request;

/// How a list operation names its paging members and how long its pages are.
#[derive(Clone, Copy)]
pub(super) struct Paging {
    /// The request's and the answer's member that holds the token.
    pub(super) token: &'static str,
    /// The request's member that asks for a page size.
    pub(super) size: &'static str,
    /// The page size when the request asks for none.
    pub(super) default: usize,
    /// The largest page size.
    pub(super) largest: usize,
    /// The error code and reason for a token that the operation never gave.
    pub(super) bad_token: (&'static str, &'static str),
}

impl Paging {
    /// One page of `items`, shown by `show`, as an answer whose list is called `name`.
    pub(super) fn page<T>(&self, request: &Request<'_>, name: &str, items: &[T], show: impl Fn(&T) -> Value) -> Answer {
        let start = self.start(request)?;
        let end = (start + self.length(request)?).min(items.len());
        let rows = items.get(start..end).unwrap_or_default().iter().map(show).collect();
        let mut answer = Map::from_iter([(name.to_owned(), Value::Array(rows))]);
        if end < items.len() {
            answer.insert(self.token.to_owned(), json!(token_for(request.operation, end)));
        }
        Ok(Value::Object(answer))
    }

    fn length(&self, request: &Request<'_>) -> Result<usize, ApiError> {
        let Some(asked) = request.input.number(self.size)? else {
            return Ok(self.default);
        };
        let most = self.largest;
        match usize::try_from(asked) {
            Ok(0) | Err(_) => {
                Err(request.input.invalid("MIN_VALUE_EXCEEDED", format!("{} must be at least 1.", self.size)))
            }
            Ok(asked) if asked > most => {
                Err(request.input.invalid("MAX_VALUE_EXCEEDED", format!("{} must be at most {most}.", self.size)))
            }
            Ok(asked) => Ok(asked),
        }
    }

    fn start(&self, request: &Request<'_>) -> Result<usize, ApiError> {
        // An empty token asks for the first page: the tagging API's SDKs send one.
        let Some(token) = request.input.optional(self.token)?.filter(|token| !token.is_empty()) else {
            return Ok(0);
        };
        let offset = token.rsplit('-').next().and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let (code, reason) = self.bad_token;
        offset
            .filter(|&offset| token_for(request.operation, offset) == token)
            .ok_or_else(|| request.input.refused(code, reason, format!("{} is not valid.", self.token)))
    }
}

/// Tokens are bound to the operation, so that one of another list is refused as AWS refuses it.
fn token_for(operation: &str, offset: usize) -> String {
    let owner: u32 = operation.bytes().fold(17, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    format!("{owner:08x}-{offset:x}")
}

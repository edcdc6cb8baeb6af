//! Levels and policies in few words.

use serde_json::{Value, json};

pub const ACCOUNT: &str = "111111111111";

pub fn full_access() -> Value {
    json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
}

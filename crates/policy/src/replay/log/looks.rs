//! What something looks like that is not read, and where in a text JSON begins.

/// Files of other formats by their first bytes.
const FORMATS: [(&[u8], &str); 11] = [
    (
        b"PAR1",
        "a Parquet file, as Security Lake and CloudTrail Lake's exports have; query it and save the result as JSON",
    ),
    (b"Obj\x01", "an Avro file; query it and save the result as JSON"),
    (b"ORC", "an ORC file; query it and save the result as JSON"),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a file compressed by zstd; decompress it first"),
    (b"BZh", "a file compressed by bzip2; decompress it first"),
    (b"\xfd7zXZ", "a file compressed by xz; decompress it first"),
    (b"\xff\x06\x00\x00sNaPp", "a file compressed by snappy; decompress it first"),
    (b"\x1f\x8b", "a gzip file within a gzip file; decompress it first"),
    (b"\xff\xfe", "text in UTF-16, as PowerShell writes; convert it to UTF-8"),
    (b"\xfe\xff", "text in UTF-16; convert it to UTF-8"),
];

/// What a file is that begins with these bytes and is no text.
pub(super) fn binary(first: &[u8]) -> Option<&'static str> {
    let known = FORMATS.iter().find(|(magic, _)| first.starts_with(&magic[..magic.len().min(8)]));
    let has_controls = first.iter().any(|byte| *byte < b' ' && !byte.is_ascii_whitespace());
    known.map(|(_, what)| *what).or_else(|| has_controls.then_some("a binary file"))
}

/// What a line of text is that has no event.
pub(super) fn text(line: &str) -> String {
    let line = line.trim();
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["version", "account-id", ..] => "a VPC flow log".to_owned(),
        ["http" | "https" | "h2" | "ws" | "wss" | "tls", ..] => "an access log of a load balancer".to_owned(),
        [_, _, day, zone, ..] if day.starts_with('[') && zone.ends_with(']') => "an access log of S3".to_owned(),
        [first, ..] if first.starts_with('<') => "XML or HTML".to_owned(),
        _ => format!("text that begins with `{}`", line.chars().take(40).collect::<String>()),
    }
}

/// How much of a line stands before the JSON that follows a time, as in `2026-11-01T12:00:00.000Z {…}` of logs exported from
/// CloudWatch and `2026-11-01T12:00:00 stream {…}` of `aws logs tail`.
pub(super) fn prefix_length(line: &str) -> Option<usize> {
    let json = line.find('{')?;
    let first = line[..json].split_whitespace().next()?;
    let digits = first.bytes().filter(u8::is_ascii_digit).count();
    let is_time = digits >= 8 && first.bytes().all(|byte| byte.is_ascii_digit() || b"-:.+TZ/,".contains(&byte));
    is_time.then_some(json)
}

/// Where in an object its first list of these names begins. Members of an event are not looked through: it has none.
pub(super) fn list_offset(object: &[u8], names: &[&str]) -> Option<usize> {
    let mut at = 1;
    loop {
        at = past_space(object, at, b",")?;
        let end = text_end(object, at)?;
        let name = str::from_utf8(&object[at + 1..end - 1]).ok()?;
        at = past_space(object, end, b":")?;
        if object[at] == b'[' && names.contains(&name) {
            return Some(at);
        }
        if name.starts_with("event") && name != "events" {
            return None;
        }
        at = value_end(object, at)?;
    }
}

/// The next byte that is neither white space nor one of these.
fn past_space(text: &[u8], from: usize, also: &[u8]) -> Option<usize> {
    let is_between = |byte: &u8| byte.is_ascii_whitespace() || also.contains(byte);
    text.get(from..)?.iter().position(|byte| !is_between(byte)).map(|found| from + found)
}

/// Behind the closing quote of a text that begins here.
fn text_end(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from + 1;
    if *text.get(from)? != b'"' {
        return None;
    }
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn value_end(text: &[u8], from: usize) -> Option<usize> {
    let (mut at, mut depth) = (from, 0_usize);
    loop {
        match text.get(at)? {
            b'"' => at = text_end(text, at)? - 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

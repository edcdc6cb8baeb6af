use super::*;

/// A log that comes byte by byte, and is interrupted before each.
struct ByteByByte {
    bytes: Vec<u8>,
    at: usize,
    is_interrupted: bool,
}

impl Read for ByteByByte {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.is_interrupted = !self.is_interrupted;
        if self.is_interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let Some(byte) = self.bytes.get(self.at) else { return Ok(0) };
        into[0] = *byte;
        self.at += 1;
        Ok(1)
    }
}

fn dribble(text: &str) -> Splitter<ByteByByte> {
    Splitter::new(ByteByByte { bytes: text.as_bytes().to_vec(), at: 0, is_interrupted: false })
}

#[test]
fn as_many_bytes_as_are_asked_for_are_read_also_after_others_were_dropped() {
    let mut log = dribble("abcdefg");
    assert_eq!(log.first(3).unwrap(), b"abc");
    log.skip(3);
    assert_eq!(log.first(3).unwrap(), b"def");
    log.skip(3);
    assert_eq!(log.first(3).unwrap(), b"g");
    assert_eq!(log.peek().unwrap(), Some(b'g'));
    log.skip(1);
    assert_eq!(log.peek().unwrap(), None);
}

#[test]
fn a_value_ends_where_its_brackets_or_its_text_do() {
    for (text, expected) in [
        (r#"{"a": [1, "}"], "b": 2} x"#, 23),
        (r#"["\"]", 1]"#, 10),
        (r#""a\"b" x"#, 6),
        ("12,3", 2),
        ("12", 2),
        ("true]", 4),
        ("]", 1),
    ] {
        assert_eq!(dribble(text).value_length().ok(), Some(expected), "{text}");
    }
    for text in ["", "{", r#"{"a": 1"#, "[[1]", r#""a"#] {
        let error = dribble(text).value_length().unwrap_err();
        assert!(matches!(&error, LogError::Damaged(why) if why.to_string() == "it breaks off"), "{text}: {error:?}");
    }
}

#[test]
fn a_line_ends_at_its_break_unless_that_is_in_quotes() {
    assert_eq!(dribble("a\"b\nc\"d\ne").line_length(false).unwrap(), 4);
    assert_eq!(dribble("a\"b\nc\"d\ne").line_length(true).unwrap(), 8);
    assert_eq!(dribble("abc").line_length(true).unwrap(), 3);
}

#[test]
fn a_log_that_cannot_be_read_is_damaged() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let error = Splitter::new(Failing).peek().unwrap_err();
    assert!(matches!(&error, LogError::Damaged(why) if why.to_string() == "the disk is gone"), "{error:?}");
}

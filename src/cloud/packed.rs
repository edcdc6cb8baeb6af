use std::io::{Read, Write};

use aws_smithy_types::base64;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// What packed text begins with. No JSON does.
const MARK: &str = "zlib:";

/// Text that is unpacked is no longer than this, regardless of who packed it.
const LONGEST: u64 = 1 << 20;

/// Text in few characters that every service takes: compressed, and written in base64.
pub fn pack(text: &str) -> String {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    // Memory takes it.
    let packed = packer.write_all(text.as_bytes()).and_then(|()| packer.finish()).unwrap_or_default();
    format!("{MARK}{}", base64::encode(packed))
}

/// The text that was packed; text that was not stays as it is. Nothing where it cannot be unpacked.
pub fn unpack(text: &str) -> Option<String> {
    let Some(packed) = text.strip_prefix(MARK) else { return Some(text.to_owned()) };
    let packed = base64::decode(packed).ok()?;
    let mut text = String::new();
    ZlibDecoder::new(packed.as_slice()).take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_shorter_and_unpacked_again() {
        let text = "create ou/Workloads/Dev; ".repeat(100);
        let packed = pack(&text);
        assert!(packed.starts_with("zlib:") && packed.len() < 200, "{packed}");
        assert_eq!(unpack(&packed).as_deref(), Some(text.as_str()));
        assert_eq!(unpack("{\"a\": 1}").as_deref(), Some("{\"a\": 1}"));
        for odd in ["zlib:", "zlib:!", "zlib:AAAA"] {
            assert!(unpack(odd).is_none_or(|text| text.is_empty()), "{odd}");
        }
        let bomb = pack(&"a".repeat(5 << 20));
        assert_eq!(unpack(&bomb).map_or(0, |text| text.len()), 1 << 20);
    }
}

use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;

/// What is packed by gzip, in one member or several, as it was before; all else as it is.
///
/// # Errors
/// When its first bytes cannot be read.
pub fn inflated<'r>(mut packed: impl BufRead + 'r) -> io::Result<Box<dyn Read + 'r>> {
    let is_packed = packed.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if is_packed { Box::new(MultiGzDecoder::new(packed)) } else { Box::new(packed) })
}

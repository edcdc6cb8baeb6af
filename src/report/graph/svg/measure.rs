//! How wide texts are. Viewers have other fonts, so that this is an estimate that is rather too wide.

/// The width in hundredths of the font's size.
fn advance(c: char) -> u32 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '|' | '!' | '\'' | ' ' | '·' => 33,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | 'I' | '/' => 41,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 56,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 98,
        'A'..='Z' | '+' | '~' | '=' | '&' => 73,
        c if c.is_ascii() => 63,
        // Letters of most alphabets; what Chinese, Japanese and Korean are written in is as wide as high.
        c if (c as u32) < 0x1100 => 66,
        _ => 104,
    }
}

/// Pixels that `text` takes in a font of this size, estimated.
pub(super) fn width(text: &str, size: u32) -> u32 {
    (text.chars().map(advance).sum::<u32>() * size).div_ceil(100)
}

/// As much of `text` as has room, with an ellipsis where that is not all.
pub(super) fn fit(text: &str, size: u32, room: u32) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut used = width("…", size);
    let fits = |c: &char| {
        used += width(c.encode_utf8(&mut [0; 4]), size);
        used <= room
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_to_its_room() {
        assert_eq!(fit("short", 10, 100), "short");
        let cut = fit(&"long".repeat(20), 10, 100);
        assert!(cut.ends_with('…') && width(&cut, 10) <= 100 && cut.len() > 12, "{cut}");
    }
}

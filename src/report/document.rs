//! Pages for browsers that are one file: they fetch nothing, and run no script and use no style but their own.

use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

use super::xml::escape;

/// What a page consists of.
pub(super) struct Document<'d> {
    /// As plain text.
    pub title: &'d str,
    pub style: &'d str,
    pub script: &'d str,
    /// As HTML.
    pub body: &'d str,
}

impl Document<'_> {
    /// The file's text. The policy allows this style and this script by their digests, so that text which got into the page as
    /// HTML could still neither run nor load anything.
    /// <https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy>
    pub fn to_html(&self) -> String {
        let (style, script) = (format!("\n{}", self.style), format!("\n{}", self.script));
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'\">\n\
             <title>{}</title>\n<style>{style}</style>\n</head>\n<body>\n{}<script>{script}</script>\n</body>\n</html>\n",
            source(&style),
            source(&script),
            escape(self.title),
            self.body,
        )
    }
}

/// What a policy calls an element with this text.
fn source(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digest of the empty text with a line break before it, as `printf '\n' | openssl dgst -sha256 -binary | base64` has it.
    #[test]
    fn a_page_allows_its_own_style_and_script_and_no_other() {
        let html = Document { title: "a<b", style: "", script: "", body: "" }.to_html();
        let own = "'sha256-AbpHGcgLb+kRsJGnwFEktk7uzpZOCcBY74+YBdrKVGs='";
        assert!(html.contains(&format!("default-src 'none'; style-src {own}; script-src {own};")), "{html}");
        assert!(html.contains("<title>a&lt;b</title>"), "{html}");
    }
}

use similar::TextDiff;

/// Lines around a change.
const CONTEXT: usize = 3;

/// A changed file as a unified diff, which `patch -p1` and `git apply` take; a file that was not there before is a new one.
#[must_use]
pub fn file_patch(path: &str, before: Option<&str>, after: &str) -> String {
    let from = before.map_or_else(|| "/dev/null".to_owned(), |_| format!("a/{path}"));
    let diff = TextDiff::from_lines(before.unwrap_or_default(), after);
    diff.unified_diff().context_radius(CONTEXT).header(&from, &format!("b/{path}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_comes_from_nothing_and_a_changed_one_shows_what_is_around() {
        assert_eq!(file_patch("a.yaml", None, "x: 1\n"), "--- /dev/null\n+++ b/a.yaml\n@@ -0,0 +1 @@\n+x: 1\n");
        assert_eq!(
            file_patch("a.yaml", Some("x: 1"), "x: 1\ny: 2\n"),
            "--- a/a.yaml\n+++ b/a.yaml\n@@ -1 +1,2 @@\n-x: 1\n\\ No newline at end of file\n+x: 1\n+y: 2\n"
        );
    }
}

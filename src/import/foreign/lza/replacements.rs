use crate::import::foreign::tree::Node;

/// How often a replacement may stand in another one.
const PASSES: usize = 5;

/// What stands for what.
#[derive(Debug, Default)]
pub(super) struct Replacements(Vec<(String, String)>);

impl Replacements {
    /// Those of `replacements-config.yaml` that it says itself; what stands in a parameter of Systems Manager is not looked up.
    pub fn read(root: &Node) -> Replacements {
        let all = root.get("globalReplacements").map(Node::items).unwrap_or_default();
        let said = all.iter().filter_map(|item| Some((item.text_at("key")?.to_owned(), value(item.get("value")?)?)));
        Replacements(said.collect())
    }

    /// A text with its replacements. What stands for something unknown becomes a placeholder: left as it is, it would not be YAML.
    pub fn applied(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..PASSES {
            if !text.contains("{{") {
                break;
            }
            text = self.once(&text);
        }
        text
    }

    fn once(&self, text: &str) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            replaced.push_str(before);
            let Some((key, after)) = after.split_once("}}").filter(|(key, _)| !key.contains('\n')) else {
                replaced.push_str("{{");
                rest = after;
                continue;
            };
            match self.0.iter().find(|(known, _)| known == key.trim()) {
                Some((_, value)) => replaced.push_str(value),
                None => replaced.push_str(&format!("<{}>", key.trim())),
            }
            rest = after;
        }
        replaced + rest
    }
}

/// A value as it is put in: a list in one line.
fn value(node: &Node) -> Option<String> {
    match node.text() {
        Some(text) => Some(text.to_owned()),
        None => node.value().filter(|value| value.is_array()).map(|value| value.to_string()),
    }
}

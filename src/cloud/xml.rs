//! Answers in XML, as IAM, EC2 and S3 give them, as JSON values.

use roxmltree::{Document, Error, Node};
use serde_json::{Map, Value};

/// The names that AWS's query protocols give to the elements of a list.
/// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>
const LISTED: [&str; 2] = ["member", "item"];

/// What is in a document's root element: text is a string, elements are the members of an object, and those called `member`
/// or `item` the elements of an array. An empty element is null, since it may be any of them.
///
/// # Errors
/// When the text is not XML.
pub(super) fn to_json(text: &str) -> Result<Value, Error> {
    Ok(inside(Document::parse(text)?.root_element()))
}

fn inside(element: Node<'_, '_>) -> Value {
    let mut elements = element.children().filter(Node::is_element).peekable();
    match elements.peek() {
        None => element.text().map_or(Value::Null, Value::from),
        Some(first) if LISTED.contains(&first.tag_name().name()) => elements.map(inside).collect(),
        Some(_) => {
            let members = elements.map(|element| (element.tag_name().name().to_owned(), inside(element)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_become_objects_lists_texts_and_nothing() {
        let text = "<?xml version=\"1.0\"?>\n<R xmlns=\"https://example.com/\"><A><member>1 &lt; 2</member><member><B>x</B>\
                    </member></A>\n  <C/><D>true</D></R>";
        assert_eq!(to_json(text).unwrap(), json!({"A": ["1 < 2", {"B": "x"}], "C": null, "D": "true"}));
        assert!(to_json("<R><A></R>").is_err());
        assert!(to_json("").is_err());
    }
}

use landing_blueprint::{Place, Spanned};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::declaration::Declaration;
use crate::model::Date;
pub(crate) use crate::model::Until;

/// A day, such as 2027-03-01: what it stands beside ends when it begins, at 00:00 UTC.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "Until", extend("format" = "date", "x-form" = "day"))]
pub(crate) struct UntilDate(Spanned<String>);

impl UntilDate {
    /// The day that is meant; another text is a mistake at its place.
    pub fn read(&self, declaration: &mut Declaration) -> Option<Until> {
        read(&self.0, self.0.place, declaration)
    }
}

/// The day that `until: TEXT` means; another text is a mistake at `place`.
pub(crate) fn read(text: &str, place: Place, declaration: &mut Declaration) -> Option<Until> {
    let date = Date::parse(text);
    if date.is_none() {
        let message = format!("`until: {text}` is no day of the calendar");
        declaration.mistake("date", place, message, "write year, month and day, such as `until: 2027-03-01`");
    }
    date.map(Until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use landing_blueprint::{Diagnostics, salvage_text};

    #[derive(Debug, Deserialize, JsonSchema)]
    struct Section {
        until: UntilDate,
    }

    fn read_yaml(text: &str) -> Result<String, Vec<String>> {
        let Ok(loaded) = salvage_text::<Section>("landing.yaml", &format!("version: 1\n{text}")) else {
            return Err(vec!["unreadable".into()]);
        };
        let mut declaration = Declaration::new(loaded.sources, Diagnostics::new());
        let until = loaded.value.until.read(&mut declaration);
        let messages = declaration.diagnostics.iter().map(|it| format!("{}: {}", it.code, it.message));
        let messages: Vec<String> = messages.chain(loaded.warnings.iter().map(|it| it.message.clone())).collect();
        until.filter(|_| messages.is_empty()).map(|until| until.to_string()).ok_or(messages)
    }

    #[test]
    fn a_day_is_read_with_and_without_quotes() {
        assert_eq!(read_yaml("until: 2027-03-01"), Ok("2027-03-01".into()));
        assert_eq!(read_yaml("until: '2028-02-29'"), Ok("2028-02-29".into()));
    }

    #[test]
    fn what_is_no_day_is_a_mistake() {
        for text in ["2027-02-30", "2027-3-1", "tomorrow", "2027-03-01T12:00:00Z"] {
            let expected = format!("date: `until: {text}` is no day of the calendar");
            assert_eq!(read_yaml(&format!("until: {text}")), Err(vec![expected]));
        }
        assert!(read_yaml("until: 20270301").is_err());
        assert!(read_yaml("until: [2027-03-01]").is_err());
    }
}

use anstyle::{AnsiColor, Style};

use crate::model::{Action, Risk};

/// What a stretch of text means. Which colour that is, is decided here and nowhere else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    /// Text as it is.
    #[default]
    Plain,
    /// What comes into being.
    Added,
    /// What goes.
    Removed,
    /// What becomes another.
    Changed,
    /// Taken over, or moved, as it is.
    Kept,
    /// May stop work that goes on.
    Risk,
    /// Cannot be taken back, or went wrong.
    Danger,
    /// Went well.
    Good,
    /// Worth having, not worth reading first.
    Dim,
    /// What to see first.
    Strong,
    /// What can be typed or opened.
    Link,
}

impl Paint {
    /// The terminal style of this paint.
    pub fn style(self) -> Style {
        let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
        match self {
            Paint::Plain => Style::new(),
            Paint::Added | Paint::Good => color(AnsiColor::Green),
            Paint::Removed => color(AnsiColor::Red),
            Paint::Changed => color(AnsiColor::Yellow),
            Paint::Kept => color(AnsiColor::Cyan),
            Paint::Risk => color(AnsiColor::Magenta),
            Paint::Danger => color(AnsiColor::Red).bold(),
            Paint::Dim => Style::new().dimmed(),
            Paint::Strong => Style::new().bold(),
            Paint::Link => color(AnsiColor::Cyan).underline(),
        }
    }

    /// What an action's mark is painted with.
    pub fn of_action(action: Action) -> Paint {
        match action {
            Action::Create => Paint::Added,
            Action::Update => Paint::Changed,
            Action::Delete => Paint::Removed,
            Action::Adopt | Action::Move => Paint::Kept,
        }
    }

    /// The paint in which a risk is shown.
    pub fn of_risk(risk: Risk) -> Paint {
        match risk {
            Risk::None => Paint::Dim,
            Risk::Disruptive => Paint::Risk,
            Risk::Destructive | Risk::Irreversible => Paint::Danger,
        }
    }
}

use crate::model::Action;

/// What the plan does to something, in a word.
pub(super) fn mark_word(action: Action) -> &'static str {
    match action {
        Action::Create => "new",
        Action::Move => "moves here",
        Action::Adopt => "adopted",
        Action::Update | Action::Delete => "changes",
    }
}

use super::super::markdown::{code, escape};
use super::{
    actions, commands, compared_with, decides, headline, in_account, on, opens, principal, region, saying, service,
    written,
};
use crate::why::Explained;

/// The same for tickets and comments.
#[must_use]
pub fn why_markdown(all: &[Explained]) -> String {
    all.iter().map(one).collect()
}

fn one(one: &Explained) -> String {
    let mut page = format!("\n#### {} was denied\n\n", escape(&actions(one)));
    let place: Vec<String> = [in_account(&one.account), on(one), region(one)].into_iter().flatten().collect();
    page += &format!("- **who**: {}, {}\n", code(&principal(one)), escape(&place.join(", ")));
    if let Some(said) = &one.denied.said {
        page += &format!("- **AWS says**: {}\n", escape(&saying(said)));
    }
    for note in &one.notes {
        page += &format!("- note: {}\n", escape(note));
    }
    page += &format!("\n**{}**\n\n", escape(&headline(one).to_plain()));
    for statement in &one.statements {
        let at = written(statement).map(|line| format!(": {}", line.to_plain())).unwrap_or_default();
        page += &format!("- {}{}\n", escape(&decides(statement, one)), escape(&at));
    }
    if let Some(look) = &one.look {
        page += &look.at.iter().map(|at| format!("- {}\n", escape(at))).collect::<String>();
        page += &look.place.iter().map(|place| format!("- {}\n", code(place))).collect::<String>();
        page += &format!("- <{}>\n", look.page);
    }
    page += &commands(one).iter().map(|command| format!("\n```sh\n{command}\n```\n")).collect::<String>();
    page + &exemption(one)
}

fn exemption(one: &Explained) -> String {
    match &one.exemption {
        None => String::new(),
        Some(Err(why)) => format!("\nNo patch: {}\n", escape(why)),
        Some(Ok(it)) => {
            let summary: String = it.summary.iter().map(|line| format!("- exempts: {}\n", escape(line))).collect();
            let notes = it.notes.iter().cloned();
            let opens: String =
                opens(it, service(one)).into_iter().chain(notes).map(|line| format!("- {}\n", escape(&line))).collect();
            let others: String = it.others.iter().map(|line| format!("- or: {}\n", escape(line))).collect();
            let compared = escape(&compared_with(&it.opens));
            // A fence that no line of the patch ends.
            format!("\n{summary}{opens}{others}\n{compared}\n\n````diff\n{}````\n", it.patch)
        }
    }
}

use landing_policy::Tally;

use super::{PageFacts, drift_html, plan_html};
use crate::model::{Change, Plan};
use crate::report::plan::Context;
use crate::report::replay::AccountNames;
use crate::report::tests::example::{drifted, eventful, quiet};
use crate::report::tests::hostile::{hostile, one_large_policy, ten_thousand};

const FACTS: PageFacts<'_> = PageFacts {
    context: Context { aws: Some("simulated AWS, .landing/sandbox.json"), next: Some("landing apply --sandbox") },
    made_at: "2026-11-29T12:00:00Z",
    replayed: None,
    replay: Some("landing plan --sandbox --replay LOGS"),
};

fn says(html: &str, what: &[&str]) {
    for what in what {
        assert!(html.contains(what), "{what} is not in {html}");
    }
}

#[test]
fn a_reviewer_sees_what_the_plan_is_for_and_what_it_destroys() {
    let html = plan_html(&eventful(), None, FACTS);
    says(
        &html,
        &[
            "<h1>Plan for <b>ml</b></h1>",
            "organization <code>o-a1b2c3d4e5</code> of account <code>111122223333</code>",
            "<mark>simulated AWS, .landing/sandbox.json</mark>",
            "<time datetime=\"2026-11-29T12:00:00Z\">2026-11-29T12:00:00Z</time>",
            "<strong>1 irreversible and 2 destructive changes.</strong> <code>landing apply</code> requires",
            "<b>8 to create</b>",
            "<strong>Refused</strong> (<code>places-taken</code>): root takes 10 policies",
            "<strong>Manual steps</strong>",
            "Next: <code>landing apply --sandbox</code>",
            "<code>landing plan --sandbox --replay LOGS</code> shows which calls in your CloudTrail logs",
            "10 resources, left as they are",
        ],
    );
}

#[test]
fn every_change_is_there_with_its_risk_and_its_difference_and_can_be_linked_to() {
    let html = plan_html(&eventful(), None, FACTS);
    let number = |what: &str| html.matches(what).count();
    assert_eq!(number("<details class=\"change "), 16);
    let risks = ["irreversible", "destructive", "disruptive", "none"].map(|it| number(&format!("data-risk=\"{it}\"")));
    assert_eq!(risks, [1, 2, 4, 9]);
    let experiment = eventful().changes.iter().position(|it| it.address.as_str() == "account/experiment").unwrap();
    says(
        &html,
        &[
            &format!("<a href=\"#c{experiment}\">account/experiment</a>"),
            &format!("<details class=\"change irreversible\" id=\"c{experiment}\""),
            "<p class=\"mod in1\"><b>~</b> <small>Condition StringNotEquals aws:RequestedRegion</small>  <del>eu-west-1</del><small> → \
             </small><ins>us-east-1</ins></p>",
            "Reaches 4 accounts: <code>audit</code>, <code>log-archive</code>, <code>ml-dev</code>, <code>ml-prod</code>",
        ],
    );
}

#[test]
fn drift_is_the_same_page_in_its_own_words() {
    let html = drift_html(&drifted(), None, PageFacts { replay: None, ..FACTS });
    says(&html, &["<h1>Drift from <b>ml</b></h1>", "as they are → as the blueprint says", "<h2>Not checked</h2>"]);
    assert!(!html.contains("CloudTrail&#39;s logs"), "{html}");
}

#[test]
fn without_changes_there_is_nothing_to_filter() {
    let html = plan_html(&quiet(), None, PageFacts { context: Context::default(), ..FACTS });
    says(&html, &["Nothing to do: "]);
    assert!(!html.contains("<form") && !html.contains("Next:"), "{html}");
}

#[test]
fn what_a_replay_found_is_on_the_page() {
    let (tally, names) = (Tally::default(), AccountNames::new());
    let html = plan_html(&eventful(), None, PageFacts { replayed: Some((&tally, &names)), ..FACTS });
    says(&html, &["<li>0 events, 0 decided</li>", "changes the decision for none of these calls"]);
}

/// What the page says itself, without its style and script.
fn body(html: &str) -> &str {
    let (_, body) = html.split_once("<body>").expect("a page has a body");
    body.rsplit_once("<script>").expect("and a script at its end").0
}

#[test]
fn names_stay_text() {
    let html = plan_html(&hostile(), None, FACTS);
    let body = body(&html);
    for forbidden in ["<img", "</code></code>", "href=\"javascript", "\u{202e}", "<script"] {
        assert!(!body.contains(forbidden), "{forbidden} in {body}");
    }
    says(body, &["&lt;img src=x onerror=alert(1)&gt; @org/team #12"]);
    assert_eq!(body.matches("<details").count(), body.matches("</details>").count());
}

#[test]
fn a_large_plan_is_whole_and_begins_with_an_overview() {
    let html = plan_html(&ten_thousand(), None, FACTS);
    assert_eq!(html.matches("<details class=\"change ").count(), 10_000);
    says(&html, &["<details class=\"below\">\n<summary>9990 changes</summary>"]);
    assert!(html.len() < 10_000_000, "{} bytes", html.len());
    says(&plan_html(&one_large_policy(), None, FACTS), &["service-4999:DoSomething", &"x".repeat(100_000)]);
}

#[test]
fn accounts_that_many_changes_reach_are_listed_once() {
    let accounts: Vec<String> = (0..30).map(|nth| format!("app-{nth:02}")).collect();
    let mut plan = Plan { changes: eventful().changes, ..quiet() };
    let reaching = |change: &mut Change| (change.accounts, change.reaches) = (accounts.clone(), 30);
    plan.changes.iter_mut().take(2).for_each(reaching);
    let html = plan_html(&plan, None, FACTS);
    assert_eq!(html.matches("<code>app-17</code>").count(), 1);
    assert_eq!(html.matches("<p class=\"reached\">Reaches <a href=\"#reached-0\">30 accounts</a></p>").count(), 2);
    says(
        &html,
        &["<p id=\"reached-0\"><code>app-00</code>, ", "<option value=\"account/app-17\" data-accounts=\"17\">"],
    );
}

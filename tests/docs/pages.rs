//! The pages that plan and graph write, opened in a browser.

use super::shell::Shell;

/// What the page consists of once its script has run; `None` where there is no Chromium to run it.
fn opened(shell: &mut Shell, page: &str) -> Option<String> {
    const FIND: &str = "command -v chromium || command -v chromium-browser || command -v google-chrome";
    let found = shell.run(FIND);
    if found.code != Some(0) {
        eprintln!("skipped: Chromium is not installed");
        return None;
    }
    let options = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking";
    Some(shell.done(&format!(
        "timeout 120 {} {options} --user-data-dir=$PWD/browser --dump-dom \"file://$PWD/{page}\" 2>/dev/null",
        found.output.trim()
    )))
}

fn counted(dom: &str) -> &str {
    let (_, output) = dom.split_once("<output role=\"status\">").expect("the page says how much it shows");
    output.split_once("</output>").expect("the element ends").0
}

#[test]
fn a_page_of_a_plan_shows_what_it_is_filtered_by() {
    let mut shell = Shell::in_folder("".as_ref());
    shell.done("landing init . --from ml-landing-zone && landing plan --format html > plan.html");
    let plan = shell.done("landing plan --format json");
    let plan: serde_json::Value = serde_json::from_str(&plan).expect("a plan is JSON");
    let changes = plan["changes"].as_array().expect("it has changes");
    let risky = changes.iter().filter(|change| change["risk"] == "disruptive").count();
    let Some(all) = opened(&mut shell, "plan.html") else { return };
    assert_eq!(counted(&all), format!("{0} of {0} changes", changes.len()));
    let some = opened(&mut shell, "plan.html?risk=disruptive").expect("it was there before");
    assert_eq!(counted(&some), format!("{risky} of {} changes", changes.len()));
    let shown =
        some.split("<details class=\"change ").skip(1).filter(|it| !it[..it.find('>').unwrap_or(0)].contains("hidden"));
    assert_eq!(shown.filter(|it| it.starts_with("disruptive\"")).count(), risky);
}

#[test]
fn a_page_of_an_organization_keeps_what_holds_from_above_with_what_is_found() {
    let mut shell = Shell::in_folder("".as_ref());
    shell.done("landing init . --from ml-landing-zone && landing graph --offline --out organization.html");
    let Some(found) = opened(&mut shell, "organization.html?find=ml-prod") else { return };
    assert_eq!(counted(&found), "1 found");
    let (_, account) = found.split_once("<b>ml-prod</b>").expect("the account is on the page");
    let (_, above) = account.split_once("<details class=\"above\"").expect("something holds from above");
    let (attributes, inherited) = above.split_once('>').expect("the element ends");
    assert!(attributes.contains("open") && !attributes.contains("hidden"), "{attributes}");
    let (inherited, _) = inherited.split_once("</details>").expect("the element ends");
    assert!(inherited.contains("<a href=\"#root\">Root</a>: "), "{inherited}");
}

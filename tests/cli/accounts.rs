//! The accounts as data.

use serde_json::{Value, json};

use super::{BLUEPRINT, Ended, Folder};

const PEOPLE: &str = r#"
identity:
  permission_sets: {admin: {managed_policies: [AdministratorAccess]}, look: {managed_policies: [ReadOnlyAccess]}}
  assignments: {team: {admin: [Workloads]}, others: {look: [app, management]}}
"#;

fn applied(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("landing.yaml", &format!("{BLUEPRINT}{PEOPLE}"));
    folder.landing("apply --sandbox=state.json --yes").code(0);
    folder
}

fn id_of(folder: &Folder, name: &str) -> String {
    let state: Value = serde_json::from_str(&folder.read("state.json")).unwrap();
    let accounts = state["organization"]["accounts"].as_object().unwrap();
    accounts.iter().find(|(_, account)| account["name"] == name).unwrap().0.clone()
}

#[test]
fn accounts_are_listed_with_the_names_of_the_blueprint_and_without_one() {
    let folder = applied("accounts");
    let app = id_of(&folder, "app");
    let json = folder.landing("accounts --sandbox=state.json --format json").code(0).json();
    assert_eq!(json["format"], "landing-accounts/1");
    assert_eq!(json["organization"]["management_account"], "111111111111");
    let expected = json!({"key": "app", "name": "app", "id": app, "email": "aws+app@example.com", "path": "Workloads",
        "status": "ACTIVE", "management": false, "owner": "test", "access_role": "OrganizationAccountAccessRole",
        "tags": {}});
    assert_eq!(json["accounts"][0], expected);
    assert_eq!(json["accounts"].as_array().unwrap().len(), 2);
    let without = folder.landing("snapshot --sandbox=state.json --out facts.json");
    without.code(0);
    std::fs::create_dir(folder.0.join("elsewhere")).unwrap();
    let mut command = folder.command("accounts --format json --against ../facts.json");
    let live = Ended::of(command.current_dir(folder.0.join("elsewhere")).output().unwrap()).code(0).json();
    assert_eq!(live["accounts"][0]["owner"], "test");
    assert_eq!(live["accounts"][0]["access_role"], json!(null));
    let against = folder.landing("accounts --format json --against facts.json").code(0).json();
    assert_eq!(against, json);
    folder.landing("accounts --sandbox=state.json").code(0).says("Workloads").says("aws+app@example.com");
    folder.write("more.yaml", &BLUEPRINT.replace("[app]", "[app, web]"));
    let more = folder.landing("accounts more.yaml --sandbox=state.json --format env").code(0);
    assert_eq!(more.stdout, format!("ACCOUNT_ID_APP={app}\nACCOUNT_ID_MANAGEMENT=111111111111\n"));
    more.complains("Not made yet: web");
}

#[test]
fn each_format_is_what_its_readers_take() {
    let folder = applied("account-formats");
    let app = id_of(&folder, "app");
    let run = |format: &str| folder.landing(&format!("accounts --sandbox=state.json --format {format}"));
    let csv = run("csv").code(0).stdout;
    assert!(csv.starts_with("key,name,id,email,path,status,management,owner,access_role,tags\r\napp,app,"), "{csv:?}");
    assert_eq!(csv.lines().count(), 3);
    let map = run("account-map").code(0).json();
    assert_eq!(map["full_account_map"], json!({"app": app, "management": "111111111111"}));
    assert_eq!(map["root_account_account_name"], "management");
    run("markdown").code(0).says(&format!("| app | {app} | ACTIVE | Workloads |"));
    run("sarif").code(64).complains("aws-config");
}

#[test]
fn profiles_are_those_that_assignments_give() {
    let folder = applied("account-profiles");
    let app = id_of(&folder, "app");
    let run = |flags: &str| folder.landing(&format!("accounts --sandbox=state.json {flags}"));
    let profiles = |ended: &Ended| -> Vec<String> {
        ended.stdout.lines().filter(|line| line.starts_with("[profile")).map(str::to_owned).collect()
    };
    let all = run("--format aws-config").code(0);
    assert_eq!(profiles(&all), ["[profile app.admin]", "[profile app.look]", "[profile management.look]"]);
    assert!(all.stdout.starts_with("[sso-session o-"), "{}", all.stdout);
    let all =
        all.says(".awsapps.com/start\nsso_region = ").says(&format!("sso_account_id = {app}\nsso_role_name = admin\n"));
    folder.landing("snapshot --sandbox=state.json --out facts.json").code(0);
    assert_eq!(folder.landing("accounts --against facts.json --format aws-config").code(0).stdout, all.stdout);
    let looks = run("--format aws-config --permission-set look --group others --start-url https://x.awsapps.com/start");
    let looks = looks.code(0).says("sso_start_url = https://x.awsapps.com/start\n");
    assert_eq!(profiles(&looks), ["[profile app.look]", "[profile management.look]"]);
    assert!(profiles(&run("--format aws-config --group team").code(0)) == ["[profile app.admin]"]);
    run("--format aws-config --group nobody").code(64).complains("`nobody`");
    run("--group team").code(64).complains("--format aws-config");
    run("--format aws-config --start-url ftp://x").code(64).complains("https://");
}

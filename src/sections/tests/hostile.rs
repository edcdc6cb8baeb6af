//! Blueprints of strangers, which CI plans: they read nothing outside of their folder, and end soon.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use landing_blueprint::Failed;

use crate::sections::{Declared, declare_below, declare_text};

/// A folder that goes with the test: `work` holds the blueprint, `outside` what it may not read.
struct World(PathBuf);

impl World {
    fn new(name: &str) -> World {
        let folder = std::env::temp_dir().join(format!("landing-hostile-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let world = World(folder);
        world.write("outside/secret.yaml", "aws_secret_access_key: hunter2\n");
        world.write("outside/policy.json", "{\"hunter2\"");
        world.write("outside/units/a.yaml", "organizational_units: {Hidden: {}}\n");
        world
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it is below the folder")).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }

    fn declare(&self, more: &str, root: Option<&str>) -> Result<Declared, Box<Failed>> {
        self.write("work/landing.yaml", &format!("version: 1\nname: b\n{more}"));
        let root = root.map(|root| self.0.join(root));
        declare_below(&self.0.join("work/landing.yaml"), root.as_deref(), None)
    }

    /// What is shown of the blueprint, which is refused.
    fn shown(&self, more: &str) -> String {
        let failed = self.declare(more, None).expect_err(more);
        failed.diagnostics.render(&failed.sources, false, 200) + &failed.diagnostics.json(&failed.sources).to_string()
    }

    #[cfg(unix)]
    fn link(&self, target: &Path, name: &str) {
        fs::create_dir_all(self.0.join("work")).expect("folders can be made");
        std::os::unix::fs::symlink(target, self.0.join("work").join(name)).expect("links can be made");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Every key that names a file. What has no slash may be a built-in template.
fn ways(path: &str) -> Vec<String> {
    let path = if path.contains('/') { path.to_owned() } else { format!("./{path}") };
    vec![
        format!("include: {path}\n"),
        format!("include: ['{path}']\n"),
        format!("policies: {{p: {{file: '{path}'}}}}\n"),
        format!("policies: {{p: {{template: '{path}'}}}}\n"),
        format!("organization: {{policies: [{{file: '{path}'}}]}}\n"),
        format!("guardrails: ['{path}']\n"),
        format!("identity: {{permission_sets: {{s: {{template: '{path}'}}}}}}\n"),
        format!("identity: {{permission_sets: {{s: {{inline_policy: {{file: '{path}'}}}}}}}}\n"),
        format!("organization: {{home_region: eu-west-1}}\nstacks: {{s: {{template: '{path}', in: [management]}}}}\n"),
    ]
}

#[test]
fn no_key_reads_what_lies_outside_of_the_folder() {
    let world = World::new("ways");
    for path in ["../outside/secret.yaml", "../outside/policy.json", "x/../../outside/secret.yaml"] {
        for way in ways(path) {
            let shown = world.shown(&way);
            assert!(!shown.contains("hunter2"), "{way}{shown}");
            assert!(shown.contains("is outside of the folder that the blueprint may read"), "{way}{shown}");
        }
    }
    for way in ways(world.0.join("outside/secret.yaml").to_str().expect("it is UTF-8")) {
        let shown = world.shown(&way);
        assert!(!shown.contains("hunter2") && shown.contains("is an absolute path"), "{way}{shown}");
    }
    let shown = world.shown("include: ../outside/no-such-file.yaml\n");
    assert!(shown.contains("is outside of the folder"), "it says whether a file exists: {shown}");
}

#[cfg(unix)]
#[test]
fn links_count_as_what_they_lead_to() {
    let world = World::new("links");
    world.link(&world.0.join("outside/secret.yaml"), "file.yaml");
    world.link(&world.0.join("outside"), "folder");
    world.link(Path::new("/no/such/file"), "nowhere.yaml");
    for path in ["file.yaml", "folder/secret.yaml", "nowhere.yaml"] {
        for way in ways(path) {
            let shown = world.shown(&way);
            assert!(!shown.contains("hunter2"), "{way}{shown}");
            assert!(shown.contains("is outside of the folder"), "{way}{shown}");
        }
    }
    world.write("work/real/units.yaml", "organizational_units: {W: {}}\n");
    world.link(&world.0.join("work/real"), "inside");
    assert!(world.declare("include: inside/units.yaml\n", None).is_ok(), "a link within the folder is followed");
}

#[cfg(unix)]
#[test]
fn a_blueprint_that_is_a_link_to_the_outside_is_not_shown() {
    let world = World::new("itself");
    world.link(&world.0.join("outside/secret.yaml"), "other.yaml");
    let failed = declare_below(&world.0.join("work/other.yaml"), None, None).expect_err("it lies outside");
    let shown = failed.diagnostics.render(&failed.sources, false, 200);
    assert!(shown.contains("is outside of the folder") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn a_root_allows_what_lies_below_it_and_nothing_else() {
    let world = World::new("root");
    world.write("shared/units.yaml", "organizational_units: {W: {}}\n");
    let text = "include: ../shared/units.yaml\n";
    assert!(world.declare(text, None).is_err());
    assert!(world.declare(text, Some("")).is_ok());
    assert!(world.declare("include: '../shared/*.yaml'\n", Some("")).is_ok());
    let failed = world.declare(text, Some("shared")).expect_err("the blueprint lies outside of that root");
    assert!(failed.diagnostics.iter().any(|it| it.message.contains("is outside of the folder")));
    assert!(world.declare(text, Some("no-such-folder")).is_err());
}

#[test]
fn a_pattern_does_not_leave_the_folder_nor_walk_the_disk() {
    let world = World::new("globs");
    let begun = Instant::now();
    for pattern in ["../**/*.yaml", "../outside/units/*.yaml", "../../../../../../**/*", "x/../../**/*"] {
        let shown = world.shown(&format!("include: ['{pattern}']\n"));
        assert!(shown.contains("is outside of the folder"), "{pattern}: {shown}");
        assert!(!shown.contains("Hidden"), "{shown}");
    }
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn patterns_look_at_a_limited_number_of_files_together() {
    let world = World::new("many");
    for folder in 0..60 {
        for file in 0..100 {
            world.write(&format!("work/d{folder}/f{file}.txt"), "");
        }
    }
    let patterns: Vec<String> = (0..10).map(|at| format!("'**/*{at}.yaml'")).collect();
    let shown = world.shown(&format!("include: [{}]\n", patterns.join(", ")));
    assert!(shown.contains("looks at more than 50000 files and folders"), "{shown}");
    assert!(world.shown("include: ['d1/*.yaml']\n").contains("no file matches `d1/*.yaml`"));
}

#[cfg(unix)]
#[test]
fn pipes_devices_and_folders_are_refused_at_once() {
    let world = World::new("special");
    fs::create_dir_all(world.0.join("work/folder.yaml")).expect("folders can be made");
    let pipe = world.0.join("work/pipe.yaml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    for (path, reported) in [("pipe.yaml", "is not a regular file"), ("folder.yaml", "is a folder, not a file")] {
        for way in ways(path) {
            let shown = world.shown(&way);
            assert!(shown.contains(reported), "{way}{shown}");
        }
    }
}

#[test]
fn a_literal_for_a_hidden_parameter_is_refused_and_not_shown() {
    let world = World::new("secret");
    for flag in ["true", "'TRUE'", "\"True\"", "yes"] {
        world.write(
            "work/t.yaml",
            &format!("Parameters: {{Password: {{Type: String, NoEcho: {flag}}}}}\nResources: {{R: {{Type: AWS::SNS::Topic}}}}\n"),
        );
        for parameters in [
            "    parameters: {Password: hunter2!, Typo: x}\n",
            "    parameters:\n      Password: hunter2!\n      Typo: x\n",
            "    parameters: {Typo: x, Password: \"${values.password}\"}\nvalues: {password: hunter2!, unused: 1}\n",
        ] {
            let shown = world.shown(&format!(
                "organization: {{home_region: eu-west-1}}\nstacks:\n  s:\n    in: [management]\n    template: t.yaml\n{parameters}"
            ));
            assert!(shown.contains("the parameter Password is not echoed"), "{flag}: {shown}");
            assert!(shown.contains("no parameter Typo"), "{shown}");
            assert!(!shown.contains("hunter2"), "{flag}: {shown}");
        }
    }
}

#[test]
fn numbers_of_any_size_are_refused_and_none_makes_it_panic() {
    let numbers = [
        "0",
        "-1",
        "1",
        "4294967295",
        "4294967296",
        "18446744073709551615",
        "1e308",
        "99999999999999999999999",
        "0x7fffffffffffffff",
        ".5",
    ];
    for number in numbers {
        for text in [
            format!(
                "organization: {{regions: [eu-west-1], quotas: {{scp: {{per_target: {number}}}}}}}\nguardrails: [level: mandatory]\n"
            ),
            format!(
                "organization: {{regions: [eu-west-1], quotas: {{rcp: {{size: {number}}}}}}}\nguardrails: [level: mandatory]\n"
            ),
            format!(
                "organization: {{regions: [eu-west-1], quotas: {{tag-policy: {{per_target: {number}, size: {number}}}}}, policies: [{{name: t, type: tag-policy, content: {{tags: {{}}}}}}]}}\n"
            ),
            format!(
                "account_settings: [{{password_policy: {{minimum_length: {number}, max_age_days: {number}, reuse_prevention: {number}}}}}]\n"
            ),
            format!(
                "organization: {{home_region: eu-west-1}}\nstacks: {{budget: {{in: [management], parameters: {{limit_usd: {number}, emails: [a@x.example], thresholds: [{number}]}}}}}}\n"
            ),
            format!(
                "identity: {{permission_sets: {{s: {{session: {number}h}}, t: {{session: PT{number}H{number}M}}}}}}\n"
            ),
            format!("version: {number}\n"),
        ] {
            let start = if text.starts_with("version") { "name: b\n" } else { "version: 1\nname: b\n" };
            let _ = declare_text("landing.yaml", &format!("{start}{text}"));
        }
    }
    let quota = |per_target: &str| {
        let text = format!(
            "version: 1\nname: b\norganization: {{regions: [eu-west-1], quotas: {{scp: {{per_target: {per_target}}}}}}}\nguardrails: [no-leaving]\n"
        );
        declare_text("landing.yaml", &text)
            .map(|_| ())
            .map_err(|failed| failed.diagnostics.iter().map(|it| it.message.clone()).collect::<Vec<_>>())
    };
    assert_eq!(quota("0"), Err(vec!["`organization.quotas.scp.per_target` must be at least 1".to_owned()]));
    assert_eq!(quota("1").map_err(|it| it.len()), Err(1), "AWS's own policy takes the only place");
    assert_eq!(quota("2"), Ok(()));
}

#[test]
fn any_number_of_unknown_keys_is_reported_in_time_and_counted() {
    const KEYS: usize = 60_000;
    let keys = |between: &str| (0..KEYS).map(|at| format!("k{at}: é")).collect::<Vec<_>>().join(between);
    for text in [
        format!("version: 1\nname: b\n{}\n", keys("\n")),
        format!("version: 1\nname: b\norganization: {{{}}}\n", keys(", ")),
    ] {
        let begun = Instant::now();
        let failed = declare_text("landing.yaml", &text).expect_err("the keys are unknown");
        let shown = failed.diagnostics.render(&failed.sources, false, 100);
        let json = failed.diagnostics.json(&failed.sources).to_string();
        assert!(begun.elapsed() < Duration::from_secs(30), "it took {:?}", begun.elapsed());
        assert!(json.contains("59900 more unknown keys in"), "{json}");
        assert!(shown.contains("unknown key `k0`") && shown.len() < 200_000, "{} bytes", shown.len());
        assert_eq!(failed.diagnostics.errors(), 101);
    }
}

#[test]
fn programs_are_reported_a_thousand_mistakes_and_how_many_there_are_besides() {
    let items = vec!["{name: a, state: x}"; 1500].join(", ");
    let failed =
        declare_text("l.yaml", &format!("version: 1\nname: b\naccounts: [{items}]\n")).expect_err("they are wrong");
    assert_eq!(failed.diagnostics.json(&failed.sources).as_array().map(Vec::len), Some(1000));
    assert_eq!(failed.diagnostics.left_out_of_json(), failed.diagnostics.len() - 1000);
    assert!(failed.diagnostics.len() >= 1500);
}

//! What is new beside a blueprint, as a file that the blueprint includes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use landing::import::{Base, ImportError, Imported, Options};
use landing::model::Part;
use landing::sections::{Declared, declare};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::converges::in_its_own_time;
use super::draw::{Drawn, drawn, organized};
use super::hand::Hand;
use super::identity::{assign_by_hand, user};
use super::import::{forget_who_made_it, imported, made_by_hand, options, writes};
use super::picture::picture;
use super::world::{DESTROY, How, World};

const ORGANIZATIONS: u32 = 8;

/// A blueprint that an organization was made by.
const BLUEPRINT: &str = r#"version: 1
name: first
organization:
  regions: [eu-west-1]
  account_email: "aws+{name}@example.com"
policies:
  Deny leaving: {content: {Version: "2012-10-17", Statement: [{Sid: A, Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*"}]}}
organizational_units:
  Workloads:
    policies: [Deny leaving]
    organizational_units:
      Dev: {accounts: [shop-dev]}
      Prod: {accounts: [shop-prod]}
identity:
  permission_sets:
    read: {managed_policies: [ReadOnlyAccess]}
  assignments:
    platform: {read: [Workloads/Dev]}
"#;

/// What people made beside it.
const NEW: &str = r#"
policies:
  Deny queues: {content: {Version: "2012-10-17", Statement: [{Sid: A, Effect: Deny, Action: "sqs:*", Resource: "*"}]}}
organizational_units:
  Workloads: {organizational_units: {Dev: {accounts: [{name: by-hand, tags: {owner: zoe}}]}}}
  Sandbox: {policies: [Deny queues, Deny leaving], tags: {stage: play}, accounts: [play]}
identity:
  permission_sets:
    audit: {managed_policies: [SecurityAudit]}
  assignments:
    auditors: {audit: [by-hand, play]}
"#;

/// A folder with a blueprint's files.
struct Kept(tempfile::TempDir);

impl Kept {
    fn new(files: &[(&str, &str)]) -> Kept {
        let kept = Kept(tempfile::tempdir().expect("a folder can be made"));
        files.iter().for_each(|(path, text)| kept.put(path, text));
        kept
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }

    fn declared(&self) -> Declared {
        match declare(&self.0.path().join("landing.yaml")) {
            Ok(declared) => declared,
            Err(failed) => panic!("{}", failed.diagnostics.render(&failed.sources, false, 100)),
        }
    }

    /// Imports what this blueprint lacks.
    async fn imports(&self, world: &World) -> Result<Imported, ImportError> {
        let into = Some(Base { declared: Arc::new(self.declared()), taken: Default::default() });
        imported(world, &Options { main: "imported.yaml".into(), name: "first".into(), into, ..options() }).await
    }

    /// Puts what was imported beside it, and answers the text of the blueprint.
    fn take(&self, imported: &Imported) -> String {
        imported.files.iter().for_each(|(path, text)| self.put(path, text));
        imported.including.iter().for_each(|text| self.put("landing.yaml", text));
        std::fs::read_to_string(self.0.path().join("landing.yaml")).expect("it is there")
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }
}

/// An organization of the blueprint, with what is new beside it.
async fn with_news() -> (World, Kept) {
    let mut world = World::new();
    let both = BLUEPRINT.replacen("name: first\n", "name: first\ninclude: [new.yaml]\n", 1);
    let kept = Kept::new(&[("landing.yaml", &both), ("new.yaml", NEW)]);
    world.folder = Some(kept.folder().to_owned());
    made_by_hand(&world, &both).await;
    world.applied(BLUEPRINT, DESTROY).await;
    world.folder = None;
    (world, Kept::new(&[("landing.yaml", BLUEPRINT)]))
}

async fn attach_by_hand(world: &World, policy: &str, unit: &str) {
    let state = world.sandbox.snapshot();
    let id = |items: &str, name: &str| {
        let items = state["organization"][items].as_object().expect("there are some");
        items.iter().find(|(_, item)| item["name"] == name).expect("it is there").0.clone()
    };
    let request = world.cloud().await.organizations.attach_policy().policy_id(id("policies", policy));
    request.target_id(id("units", unit)).send().await.expect("it is attached");
}

fn differences(imported: &Imported) -> Vec<String> {
    imported.proof.differences().collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_new_goes_where_it_stands_and_stays_as_it_is() {
    let (mut world, kept) = with_news().await;
    let zoe = user(&world, "zoe").await;
    assign_by_hand(&world, "read", &zoe, "play").await;
    attach_by_hand(&world, "Deny leaving", "Sandbox").await;
    let calls = world.sandbox.calls().len();
    let imported = kept.imports(&world).await.expect("it can be imported");
    let left_out: Vec<&str> = imported.summary.left_out.keys().map(|address| address.as_str()).collect();
    assert_eq!(left_out, ["stack"], "{:#?}", imported.summary.left_out);
    assert_eq!(writes(&world.sandbox.calls()[calls..]), BTreeSet::new(), "an import writes nothing");
    insta::assert_snapshot!(imported.files["imported.yaml"]);
    let including = BLUEPRINT.replacen("name: first\n", "name: first\ninclude: [imported.yaml]\n", 1);
    assert_eq!(imported.including.as_deref(), Some(including.as_str()));
    assert!(imported.proof.holds(), "{:#?} {:#?}", differences(&imported), imported.proof.policies);
    let text = kept.take(&imported);
    world.folder = Some(kept.folder().to_owned());
    let calls = world.sandbox.calls().len();
    world.applied(&text, How::default()).await;
    let written = ["organizations:TagResource", "sso:TagResource"].map(str::to_owned);
    assert_eq!(writes(&world.sandbox.calls()[calls..]), written.into());
    world.quiet(&text).await;
    let again = kept.imports(&world).await.expect("it can be imported");
    assert!(again.has_nothing_new(), "{:#?} {:#?}", again.files, again.summary.left_out);
}

#[tokio::test(start_paused = true)]
async fn drift_of_the_blueprint_itself_is_neither_proposed_nor_taken_for_a_difference() {
    let (world, kept) = with_news().await;
    let hand = Hand::in_world(&world, BLUEPRINT).await;
    hand.detaches("scp/Deny leaving", "ou/Workloads").await;
    hand.attaches("scp/Deny leaving", "account/shop-prod").await;
    hand.moves("account/shop-prod", "ou/Workloads/Prod", "ou/Workloads").await;
    hand.tags("account/shop-dev").await;
    let imported = kept.imports(&world).await.expect("it can be imported");
    let text = &imported.files["imported.yaml"];
    assert!(!text.contains("shop-"), "{text}");
    assert_eq!(differences(&imported), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_another_file_cannot_add_is_named_with_the_place_to_write_it() {
    let (world, kept) = with_news().await;
    let both = BLUEPRINT.replacen("name: first\n", "name: first\ninclude: [new.yaml]\n", 1);
    let mut looking = World { sandbox: world.sandbox, ..World::new() };
    let news = Kept::new(&[("landing.yaml", &both), ("new.yaml", NEW)]);
    looking.folder = Some(news.folder().to_owned());
    Hand::in_world(&looking, &both).await.attaches("scp/Deny queues", "account/shop-dev").await;
    let imported = kept.imports(&looking).await.expect("it can be imported");
    let gaps: Vec<String> =
        imported.summary.gaps().map(|(address, it)| format!("{address}: {}; {}", it.reason, it.remedy)).collect();
    assert_eq!(
        gaps,
        [
            "scp/Deny queues: the blueprint has account/shop-dev already, and another file cannot add to what it says of an \
          account; write it by hand where account/shop-dev stands"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn tags_that_the_blueprint_gives_everything_do_not_keep_an_account_out() {
    let (world, kept) = with_news().await;
    let text = BLUEPRINT.replacen("  regions:", "  default_tags: {team: platform}\n  regions:", 1);
    kept.put("landing.yaml", &text);
    let imported = kept.imports(&world).await.expect("it can be imported");
    assert!(imported.files["imported.yaml"].contains("by-hand"), "{:#?}", imported.summary.left_out);
    let differences = differences(&imported);
    assert!(differences.contains(&"adopt account/by-hand: tags.team".to_owned()), "{differences:#?}");
}

/// An organization that a blueprint has a unit of; the rest comes to it.
async fn the_rest_comes_to_it(drawn: Drawn) -> Result<(), TestCaseError> {
    let mut world = organized();
    made_by_hand(&world, &drawn.text(&BTreeMap::new())).await;
    let before = picture(&world.sandbox.snapshot());
    let parts = [Part::Organization, Part::Accounts].into();
    let some =
        imported(&world, &Options { parts, name: "first".into(), ..options() }).await.expect("it can be imported");
    prop_assert!(some.proof.holds(), "{:#?}", differences(&some));
    let kept = Kept::new(&[]);
    some.files.iter().for_each(|(path, text)| kept.put(path, text));
    world.folder = Some(kept.folder().to_owned());
    world.applied(&some.files["landing.yaml"], How::default()).await;
    let rest = match kept.imports(&world).await {
        Ok(rest) => rest,
        // A list of what is allowed, where the blueprint says that nothing is.
        Err(ImportError::Refused(failed)) if failed.diagnostics.iter().any(|it| it.code == "allow-list") => {
            return Err(TestCaseError::reject("the blueprint contradicts what is new"));
        }
        Err(error) => return Err(TestCaseError::fail(format!("{error:?}"))),
    };
    let text = kept.take(&rest);
    let left_out: Vec<_> = rest.summary.gaps().collect();
    prop_assert!(rest.proof.holds(), "{:#?} {left_out:#?} {:#?}", differences(&rest), rest.files);
    world.deep = true;
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    forget_who_made_it(&world);
    prop_assert_eq!(picture(&world.sandbox.snapshot()), before);
    Ok(())
}

#[test]
fn a_blueprint_of_a_part_of_any_organization_takes_in_the_rest_without_a_change() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[43; 32]);
    let mut runner = TestRunner::new_with_rng(Config { cases: ORGANIZATIONS, ..Config::default() }, rng);
    let result = runner.run(&drawn(), |drawn| in_its_own_time(the_rest_comes_to_it(drawn)));
    result.unwrap_or_else(|error| panic!("{error}"));
}

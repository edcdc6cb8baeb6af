//! Cases with their answers. They lie beside the repository; without them the test says so and passes.

use std::path::{Path, PathBuf};

use landing_policy::{answer, parse, read_cases};

/// A file or folder of the shared data, or nothing, saying so.
pub fn shared(path: &str) -> Option<PathBuf> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    if !place.exists() {
        eprintln!("skipped: {} is not there", place.display());
        return None;
    }
    Some(place)
}

#[test]
fn every_case_is_answered_as_it_says() {
    let Some(file) = shared("scp-cases.json") else { return };
    let file = parse(&std::fs::read_to_string(file).expect("readable")).expect("JSON");
    let cases = read_cases(&file).expect("cases");
    assert!(!cases.is_empty());
    for (case, written) in cases.iter().zip(file.as_array().expect("a list")) {
        let answer = answer(case).to_json();
        assert_eq!(answer["decision"], written["expect"], "{}: {}, but {answer}", case.id, written["why"]);
        if let Some(decided_by) = written.get("decided_by") {
            assert_eq!(&answer["decided_by"], decided_by, "{}", case.id);
        }
    }
}

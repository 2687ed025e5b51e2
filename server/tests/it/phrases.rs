//! `cargo xtask phrases` against a server: what is given, said and scored.

use saydo_phrases::{Scorer, read, score};
use saydo_test_support::databases::TestDatabase;

use crate::app::TestApp;

/// DEV-14, DEV-14a: a running server is scored through its endpoint.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_is_scored() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let right = r#"
        {"class": "given", "given": ["A", {"title": "B", "due": "-1"}, {"title": "C", "done": true}],
         "say": "complete all overdue tasks", "expect": {"calls": [{"tool": "complete_task", "task_id": 2}]}}
        {"class": "given", "given": ["A", {"title": "C", "done": true}], "say": "reopen task 2",
         "expect": {"calls": [{"tool": "update_task", "task_id": 2, "completed": false}]}}
        {"class": "in turn", "given": [], "say": ["add dentist tomorrow at 15:00", "delete it"],
         "expect": {"calls": [{"tool": "delete_task", "task_id": 1}]}}
        {"class": "dates", "given": [], "say": "add dentist tomorrow at 15:00",
         "expect": {"calls": [{"tool": "add_task", "title": "Dentist", "due": "+1T15:00"}]}}"#;
    let wrong = format!(
        r#"{{"class": "no answer", "given": [], "say": "{}", "expect": {{"calls": []}}}}
        {{"class": "dates", "given": [], "say": "add dentist tomorrow",
          "expect": {{"calls": [{{"tool": "add_task", "title": "Dentist", "due": "+2"}}]}}}}"#,
        "long ".repeat(2_000)
    );
    // A case is one line.
    let lines = format!("{right}\n{wrong}").replace(",\n", ", ");
    let scorer = Scorer {
        client: app.client.clone(),
        origin: app.origin.clone(),
        zone: "Asia/Karachi".parse().unwrap(),
        run: "it".to_owned(),
    };
    let score = score(&scorer, &read(&lines).unwrap(), 3).await;
    let report = score.to_string();
    for total in [
        "given                       2 of    2",
        "in turn                     1 of    1",
        "dates                       1 of    2",
    ] {
        assert!(report.contains(total), "{report}");
    }
    assert!(
        report.contains("no answer: 422") && report.ends_with("4 of 6 right (66.7 %), 1 wrong dates, 0 wrong writes")
    );
    assert!(!score.passes(60.0), "a date is wrong");
}

//! What people asked for, and whether that is what there is.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::Person;

/// What was asked for and answered.
#[derive(Default)]
pub struct Ledger {
    pub entries: Vec<Entry>,
    /// How often a request was cut off or refused.
    pub cut: usize,
    /// How often a request was asked again after it had been answered.
    pub repeated: usize,
}

/// One request, under one key.
#[derive(Clone)]
pub struct Entry {
    pub key: String,
    pub body: Value,
    pub wish: Wish,
    pub answer: Value,
}

#[derive(Clone, PartialEq)]
pub enum Wish {
    Add(String),
    Complete(i64),
    Delete(i64),
}

impl Ledger {
    pub fn add(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.cut += other.cut;
        self.repeated += other.repeated;
    }

    /// Fails unless everything that was asked for is there exactly once, and nothing else.
    pub async fn check(&self, person: &Person<'_>) {
        let all = person.get("/export").await.body;
        self.check_tasks(&all);
        self.check_messages(&all);
        for conversation in all["conversations"].as_array().unwrap() {
            let id = conversation["id"].as_i64().unwrap();
            let page = person.request(Method::GET, &format!("/conversations/{id}/messages?limit=200"));
            let page: Value = page.send().await.unwrap().json().await.unwrap();
            let (exported, opened) = (conversation["messages"].as_array().unwrap(), page["items"].as_array().unwrap());
            assert!(exported.ends_with(opened) && !opened.is_empty(), "conversation {id} does not open: {page}");
        }
    }

    fn check_tasks(&self, all: &Value) {
        let tasks = |field: &str| all[field].as_array().unwrap().clone();
        let id = |task: &Value| task["id"].as_i64().unwrap();
        let (open, trash) = (tasks("tasks"), tasks("deleted_tasks"));
        let title = |task: &Value| task["title"].as_str().unwrap().to_owned();
        let mut there: Vec<String> = open.iter().chain(&trash).map(title).collect();
        let wished = self.entries.iter().filter_map(|entry| match &entry.wish {
            Wish::Add(title) => Some(title.clone()),
            _ => None,
        });
        let mut wished: Vec<String> = wished.chain(["First task".to_owned()]).collect();
        there.sort();
        wished.sort();
        assert_eq!(there, wished, "tasks");
        let numbers: BTreeSet<i64> = open.iter().chain(&trash).map(id).collect();
        assert_eq!(numbers.last().copied(), i64::try_from(wished.len()).ok(), "a number for each task, none in vain");

        let wishes = |make: fn(i64) -> Wish| -> BTreeSet<i64> {
            let numbers = numbers.iter().filter(|number| self.entries.iter().any(|entry| entry.wish == make(**number)));
            numbers.copied().collect()
        };
        assert_eq!(trash.iter().map(id).collect::<BTreeSet<_>>(), wishes(Wish::Delete), "deleted");
        let completed = open.iter().filter(|task| task["completed"] == true).map(id);
        assert_eq!(completed.collect::<BTreeSet<_>>(), wishes(Wish::Complete), "completed");
    }

    fn check_messages(&self, all: &Value) {
        let mut said: BTreeMap<String, usize> = BTreeMap::new();
        let mut answered: BTreeMap<i64, Vec<Value>> = BTreeMap::new();
        for conversation in all["conversations"].as_array().unwrap() {
            for message in conversation["messages"].as_array().unwrap() {
                assert_eq!(message["turn"]["status"], "completed", "{message}");
                let calls = message["tool_calls"].as_array().unwrap();
                assert!(calls.iter().all(|call| !call["result"].is_null()), "a call without its result: {message}");
                if message["role"] == "user" {
                    *said.entry(message["content"].as_str().unwrap().to_owned()).or_default() += 1;
                }
                answered.entry(message["turn"]["id"].as_i64().unwrap()).or_default().push(message.clone());
            }
        }
        let wished = self.entries.iter().map(|entry| entry.body["message"].as_str().unwrap());
        let wished: BTreeMap<_, _> = wished.chain(["add first task"]).map(|text| (text.to_owned(), 1)).collect();
        assert_eq!(said, wished, "messages");
        for entry in &self.entries {
            let of_turn = answered.values().find(|messages| messages[0]["content"] == entry.body["message"]).unwrap();
            let calls: Vec<_> = of_turn.iter().flat_map(|message| message["tool_calls"].as_array().unwrap()).collect();
            assert_eq!(json!(calls), entry.answer["tool_calls"], "{}", entry.body);
            assert_eq!(of_turn.last().unwrap()["content"], entry.answer["response"], "{}", entry.body);
        }
    }
}

//! Each answer of the table at the parser, cut in two at every byte.

use saydo_agent::{Limits, ModelError, ModelMessage, read_answer};
use saydo_contract::ToolName;

use super::row::Row;

/// AGENT-104: however an answer of the table is cut, the message is the same.
#[test]
fn every_cut_gives_the_same_message() {
    let mut failures = Vec::new();
    for row in Row::all() {
        for (at, exchange) in row.exchanges.iter().enumerate().filter(|(_, exchange)| exchange.status == 200) {
            let bytes = exchange.bytes();
            let whole = read(&[&bytes]);
            let differs = |cut: &usize| read(&[&bytes[..*cut], &bytes[*cut..]]) != whole;
            if let Some(cut) = (1..bytes.len()).find(differs) {
                failures.push(format!("{}, answer {}, cut at {cut}", row.name, at + 1));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// The words and the message, or the fault.
fn read(pieces: &[&[u8]]) -> Result<(String, ModelMessage), String> {
    let tools = ToolName::ALL.map(ToolName::as_str);
    let answer = read_answer(pieces.iter().copied(), &tools, Limits::default());
    answer.map(|(words, message)| (words.concat(), message)).map_err(|error: ModelError| error.to_string())
}

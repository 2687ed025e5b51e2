//! How long the interpreter takes for a phrase, and how that grows with its length.

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::Utc;
use chrono_tz::Tz;
use saydo_interpreter::{Context, interpret};
use saydo_phrases::Case;

/// How often a phrase is read; the quickest counts, because nothing but the machine makes it slower.
const READINGS: usize = 20;

/// What long messages are made of.
const FRAGMENTS: [&str; 5] =
    ["add milk and ", "call mom tomorrow at 5, ", "remind me to pay rent. ", "if not 12/3 ", "asdkjh qwe "];

/// A report of the times, with what the specification asks for.
pub(crate) fn measure(cases: &[Case], zone: Tz) -> String {
    let context = Context::new(Utc::now().with_timezone(&zone));
    let mut times: Vec<(Duration, &str)> =
        cases.iter().flat_map(Case::messages).map(|message| (quickest(message, &context), message)).collect();
    times.sort_unstable();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied();
    let mut lines = vec![format!("{} messages, the quickest of {READINGS} readings each", times.len())];
    for (name, share) in [("median", 50), ("p99", 99), ("slowest", 100)] {
        if let Some((time, message)) = at(share) {
            let shown: String = message.chars().take(60).collect();
            lines.push(format!("{name:8} {:8.1} µs  {shown:?}", micros(time)));
        }
    }
    lines.push("the bar: a median of 50 µs".to_owned());
    lines.push("characters:         1,000      2,000      4,000      8,000   8,000 in 1,000s (linear: 8)".to_owned());
    for fragment in FRAGMENTS {
        let [a, b, c, d] = [1_000, 2_000, 4_000, 8_000].map(|length| {
            let message: String = fragment.chars().cycle().take(length).collect();
            micros(quickest(&message, &context))
        });
        lines.push(format!("{:16} {a:8.0} µs {b:7.0} µs {c:7.0} µs {d:7.0} µs {:10.1}", fragment.trim(), d / a));
    }
    lines.join("\n")
}

fn quickest(message: &str, context: &Context) -> Duration {
    let one = |_| {
        let begun = Instant::now();
        black_box(interpret(black_box(message), context));
        begun.elapsed()
    };
    (0..READINGS).map(one).min().unwrap_or_default()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

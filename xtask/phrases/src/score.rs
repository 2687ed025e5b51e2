//! The totals of many cases.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Case, Verdict};

/// How many cases were right, by class, and what was wrong.
#[derive(Debug, Default)]
pub struct Score {
    classes: BTreeMap<String, Total>,
    misses: Vec<String>,
    wrong_dates: Vec<String>,
    wrong_writes: Vec<String>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Total {
    right: usize,
    cases: usize,
}

impl Score {
    /// Counts a case that was judged.
    pub fn count(&mut self, case: &Case, verdict: &Verdict) {
        let total = self.classes.entry(case.class()).or_default();
        total.cases += 1;
        let said = case.messages().join(" // ");
        let told = |fault: &String| format!("{said:?}\n    {fault}");
        match &verdict.miss {
            Some(miss) => self.misses.push(told(miss)),
            None => total.right += 1,
        }
        self.wrong_dates.extend(verdict.wrong_dates.iter().map(told));
        self.wrong_writes.extend(verdict.wrong_writes.iter().map(told));
    }

    /// Whether so many per cent or more are right, no date is wrong and no task was changed that was not meant.
    #[must_use]
    pub fn passes(&self, at_least: f64) -> bool {
        self.share() >= at_least && self.wrong_dates.is_empty() && self.wrong_writes.is_empty()
    }

    /// How many per cent of the cases are right; all of none.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "nobody labels so many phrases")]
    pub fn share(&self) -> f64 {
        let total = self.total();
        if total.cases == 0 { 100.0 } else { total.right as f64 * 100.0 / total.cases as f64 }
    }

    /// How many dates are wrong.
    #[must_use]
    pub fn wrong_dates(&self) -> usize {
        self.wrong_dates.len()
    }

    /// How many changes were not meant.
    #[must_use]
    pub fn wrong_writes(&self) -> usize {
        self.wrong_writes.len()
    }

    fn total(&self) -> Total {
        self.classes.values().fold(Total::default(), |sum, total| Total {
            right: sum.right + total.right,
            cases: sum.cases + total.cases,
        })
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, faults) in
            [("Misses", &self.misses), ("Wrong dates", &self.wrong_dates), ("Wrong writes", &self.wrong_writes)]
        {
            if !faults.is_empty() {
                writeln!(f, "{what}:")?;
            }
            for fault in faults {
                writeln!(f, "  {fault}")?;
            }
        }
        for (class, total) in &self.classes {
            writeln!(f, "{class:24} {:4} of {:4}", total.right, total.cases)?;
        }
        let total = self.total();
        write!(
            f,
            "{} of {} right ({:.1} %), {} wrong dates, {} wrong writes",
            total.right,
            total.cases,
            self.share(),
            self.wrong_dates.len(),
            self.wrong_writes.len()
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::read;

    /// DEV-13b: totals by class; the share, a wrong date and a wrong write each decide.
    #[test]
    fn totals_decide() {
        let line =
            |class| format!(r#"{{"class": "{class}", "given": [], "say": "x", "expect": {{"outcome": "ask"}}}}"#);
        let cases = read(&[line("a"), line("a"), line("b")].join("\n")).unwrap();
        let mut score = Score::default();
        assert!(score.passes(100.0));
        let miss = Verdict { miss: Some("another".to_owned()), ..Verdict::default() };
        for (case, verdict) in cases.iter().zip([&Verdict::default(), &Verdict::default(), &miss]) {
            score.count(case, verdict);
        }
        assert!(score.passes(66.0) && !score.passes(67.0));
        let report = score.to_string();
        assert!(
            report.contains("2 of    2") && report.contains("0 of    1") && report.contains("2 of 3 right (66.7 %)")
        );
        for wrong in [
            Verdict { wrong_dates: vec!["a date".to_owned()], ..Verdict::default() },
            Verdict { wrong_writes: vec!["a write".to_owned()], ..Verdict::default() },
        ] {
            let mut score = Score::default();
            score.count(&cases[0], &wrong);
            assert!(!score.passes(0.0));
        }
    }
}

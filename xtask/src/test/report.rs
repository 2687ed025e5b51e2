//! What the person at the terminal sees of the stages.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::stages::Stage;

/// Lines of a failed stage's log that are shown; the rest is in its file.
const SHOWN: usize = 150;

/// How a stage ended.
pub(crate) enum Outcome {
    /// It passed; in a few words what was found, such as a count of tests.
    Passed(String),
    /// It could not run here, and why.
    Skipped(String),
    /// It failed, and why.
    Failed(String),
}

impl Outcome {
    /// Whether stages that need this one have nothing to build on.
    pub(crate) fn is_bad(&self) -> bool {
        !matches!(self, Self::Passed(_))
    }

    /// How a stage ends that is not run because of this end of `need`.
    pub(crate) fn of_dependent(&self, need: &str) -> Self {
        let why = format!("not run, because `{need}` did not pass");
        if self.is_failure() { Self::Failed(why) } else { Self::Skipped(why) }
    }

    /// Whether the whole run fails by it.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Passed(_) => "passed",
            Self::Skipped(_) => "SKIPPED",
            Self::Failed(_) => "FAILED",
        }
    }

    fn detail(&self) -> &str {
        match self {
            Self::Passed(detail) | Self::Skipped(detail) | Self::Failed(detail) => detail,
        }
    }
}

/// One line of the table.
pub(crate) struct Line {
    pub(crate) stage: &'static str,
    pub(crate) full: bool,
    pub(crate) outcome: Outcome,
    pub(crate) took: Duration,
    /// How much longer the whole run took for it, with the wait for its tools.
    pub(crate) waited: Duration,
}

/// Says what a stage is.
pub(crate) fn name(stage: &Stage) {
    println!("{:<17} {}{}", stage.name, stage.what, if stage.full { " (--full)" } else { "" });
}

/// Says what begins.
pub(crate) fn announce(number: usize, of: usize, stage: &Stage) {
    print!("[{number:2}/{of}] {:<17} {:<62} ", stage.name, stage.what);
    let _ = std::io::stdout().flush();
}

/// Says how it ended, with the end of the log if it failed.
pub(crate) fn tell(line: &Line, log: &Path) {
    println!("{} {:.1} s", line.outcome.word(), line.took.as_secs_f32());
    if let Outcome::Failed(why) = &line.outcome {
        let text = fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        for shown in &lines[lines.len().saturating_sub(SHOWN)..] {
            println!("    {shown}");
        }
        println!("    {why}\n    All of it: {}", log.display());
    } else if let Outcome::Skipped(why) = &line.outcome {
        println!("    {why}");
    }
}

/// The table of all stages, then the plain count.
pub(crate) fn table(lines: &[Line]) {
    println!("\n{:<17} {:<8} {:>8}", "stage", "", "time");
    for line in lines {
        // The rest was told when it failed.
        let detail = line.outcome.detail().lines().next().unwrap_or_default();
        println!("{:<17} {:<8} {:>6.1} s  {detail}", line.stage, line.outcome.word(), line.took.as_secs_f32());
    }
    let in_all = |full| lines.iter().filter(|line| line.full == full).map(|line| line.waited).sum::<Duration>();
    println!("cargo xtask test took {:.1} min", in_all(false).as_secs_f32() / 60.0);
    if lines.iter().any(|line| line.full) {
        println!("what --full adds took {:.1} min", in_all(true).as_secs_f32() / 60.0);
    }
    println!("{}", count(lines));
}

fn count(lines: &[Line]) -> String {
    let of = |word| lines.iter().filter(|line| line.outcome.word() == word).count();
    let (passed, failed, skipped) = (of("passed"), of("FAILED"), of("SKIPPED"));
    if skipped == 0 {
        format!("{passed} passed, {failed} failed")
    } else {
        format!("{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(outcome: Outcome) -> Line {
        Line { stage: "fmt", full: false, outcome, took: Duration::ZERO, waited: Duration::ZERO }
    }

    /// DEV-03: the last line counts every stage once, and names skips only where there are some.
    #[test]
    fn the_count_is_plain() {
        let mut lines = vec![line(Outcome::Passed(String::new())), line(Outcome::Failed(String::new()))];
        assert_eq!(count(&lines), "1 passed, 1 failed");
        lines.push(line(Outcome::Skipped(String::new())));
        assert_eq!(count(&lines), "1 passed, 1 failed, 1 skipped");
    }
}

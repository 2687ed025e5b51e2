//! `cargo xtask test`: every check and test, cheapest first, timed.

mod deployment;
mod first_page;
mod need;
mod openapi;
mod report;
mod session;
mod stages;

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::workspace::Workspace;
use report::{Line, Outcome};
use session::{Missing, Session};
use stages::{BESIDE, STAGES, Stage};

#[derive(Args)]
pub(crate) struct Options {
    /// Add what takes longer.
    #[arg(long)]
    full: bool,
    /// Run only these stages and what they need.
    #[arg(long, value_name = "STAGE", value_parser = stages::names())]
    only: Vec<String>,
    /// Name the stages and do nothing.
    #[arg(long)]
    list: bool,
    /// Stop at the first stage that fails.
    #[arg(long)]
    fail_fast: bool,
}

/// Runs the stages, prints their table, and fails if one of them failed.
pub(crate) fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.list {
        STAGES.iter().for_each(report::name);
        return Ok(());
    }
    let chosen = choose(options);
    let session = Session::begin(workspace, &chosen)?;
    let run = |stage| ended(&session, stage);
    let lines = thread::scope(|scope| {
        // In its place where the first failure is to end the run.
        let beside = chosen.iter().find(|stage| stage.name == BESIDE && !options.fail_fast);
        let mut beside = beside.map(|stage| scope.spawn(|| run(stage)));
        let run = |stage: &'static Stage| match beside.take_if(|_| stage.name == BESIDE) {
            Some(thread) => thread.join().unwrap_or_else(|_| (Outcome::Failed("it died".to_owned()), Duration::ZERO)),
            None => run(stage),
        };
        one_by_one(&chosen, options, run, |stage| session.log_of(stage))
    });
    drop(session);
    report::table(&lines);
    if lines.iter().any(|line| line.outcome.is_failure()) {
        bail!("not everything passed");
    }
    Ok(())
}

/// Runs the stages in their order, and tells how each ended.
fn one_by_one(
    stages: &[&'static Stage],
    options: &Options,
    mut run: impl FnMut(&'static Stage) -> (Outcome, Duration),
    log: impl Fn(&Stage) -> PathBuf,
) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (index, stage) in stages.iter().enumerate() {
        report::announce(index + 1, stages.len(), stage);
        let begun = Instant::now();
        let (outcome, took) = match lines.iter().find(|line| stage.after.contains(&line.stage) && line.outcome.is_bad())
        {
            Some(cause) => (cause.outcome.of_dependent(cause.stage), Duration::ZERO),
            None => run(stage),
        };
        let line = Line { stage: stage.name, full: stage.full, outcome, took, waited: begun.elapsed() };
        report::tell(&line, &log(stage));
        lines.push(line);
        if options.fail_fast && lines.iter().any(|line| line.outcome.is_failure()) {
            break;
        }
    }
    lines
}

/// How a stage ended, and how long it took.
fn ended(session: &Session, stage: &Stage) -> (Outcome, Duration) {
    let (result, took) = session.run(stage);
    (outcome(result, session.in_ci()), took)
}

/// How a stage ended: what is missing is a skip at a person's desk, and a failure where nobody would read of it.
fn outcome(result: Result<Outcome>, in_ci: bool) -> Outcome {
    result.unwrap_or_else(|fault| match fault.downcast::<Missing>() {
        Ok(missing) if in_ci => Outcome::Failed(missing.to_string()),
        Ok(missing) => Outcome::Skipped(missing.to_string()),
        Err(fault) => Outcome::Failed(format!("{fault:#}")),
    })
}

/// The stages to run, in order: with `--only`, the named ones and all that they come after.
fn choose(options: &Options) -> Vec<&'static Stage> {
    if options.only.is_empty() {
        return STAGES.iter().filter(|stage| options.full || !stage.full).collect();
    }
    let mut wanted: Vec<&str> = options.only.iter().map(String::as_str).collect();
    for stage in STAGES.iter().rev() {
        if wanted.contains(&stage.name) {
            wanted.extend(stage.after);
        }
    }
    STAGES.iter().filter(|stage| wanted.contains(&stage.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(full: bool, only: &[&str]) -> Vec<&'static str> {
        let only = only.iter().map(|&name| name.to_owned()).collect();
        choose(&Options { full, only, list: false, fail_fast: false }).iter().map(|stage| stage.name).collect()
    }

    /// DEV-03: a chosen stage brings what it needs, before it, and nothing else.
    #[test]
    fn a_stage_brings_its_needs() {
        assert_eq!(names(false, &["browser-sqlite"]), ["site", "server", "browser-sqlite"]);
        assert_eq!(names(false, &["fmt"]), ["fmt"]);
    }

    /// DEV-10: what is missing is a skip that says what it is, and a failure in CI; any other fault is a failure.
    #[test]
    fn missing_is_a_skip_only_at_a_desk() {
        let missing = || Err(Missing::new("`chromium` is missing").into());
        assert!(matches!(outcome(missing(), false), Outcome::Skipped(why) if why.contains("chromium")));
        assert!(matches!(outcome(missing(), true), Outcome::Failed(why) if why.contains("chromium")));
        assert!(matches!(outcome(Err(anyhow::anyhow!("exit 1")), false), Outcome::Failed(_)));
    }

    /// DEV-10: what needs a skipped stage is skipped, and what needs a failed one fails.
    #[test]
    fn a_missing_need_is_handed_on() {
        let skipped = Outcome::Skipped("`docker` is missing".to_owned()).of_dependent("images");
        assert!(matches!(skipped, Outcome::Skipped(why) if why.contains("images")));
        let failed = Outcome::Failed("exit 1".to_owned()).of_dependent("images");
        assert!(matches!(failed, Outcome::Failed(why) if why.contains("images")));
    }

    /// DEV-03: `--full` only adds, at the end.
    #[test]
    fn full_only_adds() {
        let (plain, full) = (names(false, &[]), names(true, &[]));
        assert!(full.len() > plain.len());
        assert_eq!(full[..plain.len()], plain);
    }

    /// DEV-03: what runs beside the others needs none of them.
    #[test]
    fn beside_is_apart() {
        let beside: Vec<_> = STAGES.iter().filter(|stage| stage.name == BESIDE).collect();
        assert!(matches!(beside[..], [stage] if stage.after.is_empty() && !stage.full));
    }

    /// DEV-03: each stage has its line, in its place; the first failure is the last where that is asked for.
    #[test]
    fn each_stage_has_its_line() {
        let stages: Vec<&'static Stage> = STAGES.iter().filter(|stage| stage.after.is_empty()).take(4).collect();
        let ran = |fail_fast| {
            let options = Options { full: false, only: Vec::new(), list: false, fail_fast };
            let run = |stage: &'static Stage| {
                let failed = stage.name == stages[1].name;
                (if failed { Outcome::Failed(String::new()) } else { Outcome::Passed(String::new()) }, Duration::ZERO)
            };
            let lines = one_by_one(&stages, &options, run, |_| PathBuf::new());
            lines.iter().map(|line| line.stage).collect::<Vec<_>>()
        };
        let names: Vec<_> = stages.iter().map(|stage| stage.name).collect();
        assert_eq!(ran(false), names);
        assert_eq!(ran(true), names[..2]);
    }

    /// DEV-03: every stage comes after the stages that it needs.
    #[test]
    fn needs_come_first() {
        for (index, stage) in STAGES.iter().enumerate() {
            for need in stage.after {
                assert!(STAGES[..index].iter().any(|earlier| earlier.name == *need), "{} before {need}", stage.name);
            }
        }
    }
}

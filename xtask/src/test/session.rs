//! One run of the stages: their logs, the tools that are fetched while earlier stages run, and the database.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use super::need::Need;
use super::report::Outcome;
use super::stages::Stage;
use crate::command::Output;
use crate::database::Cluster;
use crate::tools;
use crate::workspace::Workspace;

/// A tool is not here and could not be installed.
#[derive(Debug)]
pub(crate) struct Missing(String);

impl Missing {
    /// What is missing, and how to get it.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

/// One run of the stages.
pub(crate) struct Session {
    pub(crate) workspace: Workspace,
    logs: PathBuf,
    fetching: BTreeMap<Need, Mutex<Fetch>>,
    cluster: Mutex<Option<Cluster>>,
}

enum Fetch {
    Going(JoinHandle<Result<()>>),
    Done,
    Failed(String),
}

impl Session {
    /// Begins fetching what the stages need, beside the stages that need nothing.
    pub(crate) fn begin(workspace: &Workspace, stages: &[&'static Stage]) -> Result<Self> {
        let logs = workspace.cache().join("test");
        if logs.is_dir() {
            fs::remove_dir_all(&logs).with_context(|| format!("removing {}", logs.display()))?;
        }
        fs::create_dir_all(&logs).with_context(|| format!("creating {}", logs.display()))?;
        let mut session =
            Self { workspace: workspace.clone(), logs, fetching: BTreeMap::new(), cluster: Mutex::default() };
        let needs: BTreeSet<Need> = stages.iter().flat_map(|stage| stage.needs).copied().collect();
        session.fetching = needs.into_iter().map(|need| (need, Mutex::new(session.fetch(need)))).collect();
        Ok(session)
    }

    /// Runs one stage, once its tools are here. With how long it took from then on.
    pub(crate) fn run(&self, stage: &Stage) -> (Result<Outcome>, Duration) {
        if let Err(missing) = stage.needs.iter().try_for_each(|need| self.wait_for(*need)) {
            return (Err(missing), Duration::ZERO);
        }
        let begun = Instant::now();
        ((stage.run)(self, &Output::Log(self.log_of(stage))), begun.elapsed())
    }

    /// Where a stage's programs write.
    pub(crate) fn log_of(&self, stage: &Stage) -> PathBuf {
        self.log(stage.name)
    }

    /// Whether what is missing counts as a failure.
    pub(crate) fn in_ci(&self) -> bool {
        std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
    }

    /// The address of a PostgreSQL where tests may make databases: `SAYDO_TEST_POSTGRES`, else a cluster of this run.
    pub(crate) fn postgres(&self) -> Result<String> {
        if let Ok(given) = std::env::var("SAYDO_TEST_POSTGRES") {
            return Ok(given);
        }
        let mut cluster = self.cluster.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cluster) = &*cluster {
            return Ok(cluster.url());
        }
        let output = Output::Log(self.log("postgres"));
        Ok(cluster.insert(Cluster::start(&tools::postgres(&output)?, &output)?).url())
    }

    fn fetch(&self, need: Need) -> Fetch {
        let workspace = self.workspace.clone();
        let output = Output::Log(self.log(need.name()));
        Fetch::Going(thread::spawn(move || need.fetch(&workspace, &output)))
    }

    fn wait_for(&self, need: Need) -> Result<()> {
        let Some(fetch) = self.fetching.get(&need) else { return Ok(()) };
        let mut fetch = fetch.lock().unwrap_or_else(PoisonError::into_inner);
        if let Fetch::Going(thread) = std::mem::replace(&mut *fetch, Fetch::Done) {
            *fetch = match thread.join() {
                Ok(Ok(())) => Fetch::Done,
                Ok(Err(fault)) => Fetch::Failed(format!("{fault:#} (see {})", self.log(need.name()).display())),
                Err(_) => return Err(anyhow!("fetching {} died", need.name())),
            };
        }
        match &*fetch {
            Fetch::Failed(why) => Err(Missing::new(why).into()),
            _ => Ok(()),
        }
    }

    fn log(&self, name: &str) -> PathBuf {
        let folder: &Path = &self.logs;
        folder.join(format!("{name}.log"))
    }
}

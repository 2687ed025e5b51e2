//! One run of the stages: their logs, the tools that are fetched while earlier stages run, and the database.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};

use super::report::Outcome;
use super::stages::{Need, Stage};
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
    fetching: RefCell<BTreeMap<Need, Fetch>>,
    cluster: OnceCell<Cluster>,
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
        let session =
            Self { workspace: workspace.clone(), logs, fetching: RefCell::default(), cluster: OnceCell::new() };
        for need in stages.iter().flat_map(|stage| stage.needs) {
            session.fetching.borrow_mut().entry(*need).or_insert_with(|| session.fetch(*need));
        }
        Ok(session)
    }

    /// Runs one stage, once its tools are here.
    pub(crate) fn run(&self, stage: &Stage) -> Result<Outcome> {
        for need in stage.needs {
            self.wait_for(*need)?;
        }
        (stage.run)(self, &Output::Log(self.log_of(stage)))
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
        if self.cluster.get().is_none() {
            let output = Output::Log(self.log("postgres"));
            let started = Cluster::start(&tools::postgres(&output)?, &output)?;
            let _ = self.cluster.set(started);
        }
        self.cluster.get().map(Cluster::url).context("the database cluster is not there")
    }

    fn fetch(&self, need: Need) -> Fetch {
        let workspace = self.workspace.clone();
        let output = Output::Log(self.log(need.name()));
        Fetch::Going(thread::spawn(move || need.fetch(&workspace, &output)))
    }

    fn wait_for(&self, need: Need) -> Result<()> {
        let mut fetching = self.fetching.borrow_mut();
        let ended = match fetching.remove(&need) {
            Some(Fetch::Going(thread)) => match thread.join() {
                Ok(Ok(())) => Fetch::Done,
                Ok(Err(fault)) => Fetch::Failed(format!("{fault:#} (see {})", self.log(need.name()).display())),
                Err(_) => return Err(anyhow!("fetching {} died", need.name())),
            },
            Some(ended) => ended,
            None => Fetch::Done,
        };
        let result = match &ended {
            Fetch::Failed(why) => Err(Missing::new(why).into()),
            _ => Ok(()),
        };
        fetching.insert(need, ended);
        result
    }

    fn log(&self, name: &str) -> PathBuf {
        let folder: &Path = &self.logs;
        folder.join(format!("{name}.log"))
    }
}

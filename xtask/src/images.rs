//! `cargo xtask images`: both images, with the builder that is there.

mod builder;
mod measure;

use anyhow::Result;
use clap::Args;

use crate::command::{Output, read};
use crate::workspace::Workspace;
pub(crate) use builder::Builder;

/// The images that are built here.
pub(crate) const IMAGES: [&str; 2] = ["saydo-frontend", "saydo-backend"];

/// What the chart and Compose pull, and what stands in for it where nothing can be pulled.
pub(crate) const POSTGRES: &str = "docker.io/library/postgres:17-bookworm";

#[derive(Args, Default)]
pub(crate) struct Options {
    /// First make base images of the same names from Debian's packages, where no registry can be reached.
    #[arg(long)]
    pub(crate) local_bases: bool,
    /// Print size, time to ready and memory at rest of both, and fail over 40 MB, 200 ms and 30 MB.
    #[arg(long)]
    measure: bool,
}

/// How the images that were built are called: `name:tag`.
pub(crate) fn reference(image: &str) -> String {
    format!("{image}:{}", env!("CARGO_PKG_VERSION"))
}

pub(crate) fn images(workspace: &Workspace, options: &Options) -> Result<()> {
    let builder = build(workspace, options.local_bases)?;
    if options.measure {
        measure::measure(&builder)?;
    }
    Ok(())
}

/// Builds both images and returns what built them.
pub(crate) fn build(workspace: &Workspace, local_bases: bool) -> Result<Builder> {
    let builder = Builder::find()?;
    if local_bases {
        builder.make_bases(workspace)?;
    }
    let revision = read(workspace.command("git").args(["rev-parse", "HEAD"])).unwrap_or_else(|_| "unknown".to_owned());
    for image in IMAGES {
        let mut command = builder.build(workspace, image, &revision, local_bases);
        println!("$ {}", crate::command::line_of(&command));
        Output::Shown.run(&mut command)?;
    }
    Ok(builder)
}

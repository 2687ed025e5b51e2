//! Whether the built pages are where the server looks for them.

use super::check::setting;
use crate::{
    config::{Env, WebConfig},
    finding::Finding,
};

/// Looks at the folder of the pages. `None`: this build has no pages.
pub(super) fn look(env: &Env) -> Option<Finding> {
    Some(match WebConfig::from_env(env) {
        Ok(config) if config.site.join("pkg").is_dir() => {
            Finding::Fine(format!("the pages are in {}", config.site.display()))
        }
        Ok(config) => Finding::Fault {
            found: format!("{} has no folder pkg, so it is no built site", config.site.display()),
            fix: "Run `cargo xtask site`, or set SAYDO_SITE to the folder of the built pages".to_owned(),
        },
        Err(fault) => setting(&fault),
    })
}

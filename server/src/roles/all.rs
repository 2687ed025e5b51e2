//! Everything in one process.

use secrecy::ExposeSecret;

use super::{
    Fault,
    api::{api_config, serve_api},
    closing, embedded_file, leave, listen, stop_signal,
};
use crate::{
    config::{AuthConfig, Env, WebConfig, database_from_env},
    http::api::Api,
    web::pages,
};

/// Everything in one process on one port. Migrates at start; on the embedded database it keeps its own secret.
///
/// # Errors
/// Where it cannot start or breaks off.
pub async fn all(env: &Env) -> Result<(), Fault> {
    let database = database_from_env(env)?;
    let auth = match embedded_file(database.url.expose_secret()) {
        Some(file) => AuthConfig::from_env_or_file(env, &file.with_file_name("better-auth.secret"))?,
        None => AuthConfig::from_env(env)?,
    };
    let web = WebConfig::from_env(env)?;
    let config = api_config(env, database, auth)?;
    let listener = listen(&config.listen).await?;
    let (linger, public) = (config.listen.linger, config.listen.public.clone());
    let api = Api::start(config).await?;
    let pages = pages(&web, api.router(), public).map_err(Fault::Site)?;
    api.migrate().await.map_err(Fault::Migrate)?;
    api.probe_model();
    let router = closing(pages.merge(api.router()), api.leaver());
    let shutdown = leave(stop_signal(), api.leaver(), linger);
    serve_api(listener, router, api, shutdown).await
}

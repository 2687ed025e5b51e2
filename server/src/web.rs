//! Pages and static files, and the way to an api role elsewhere. Only this module knows `app`.

mod early;
mod plain;
mod visitor;

use std::{
    io,
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use any_spawner::Executor;
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use axum_reverse_proxy::{HostBehaviour, ProxyError, ProxyPolicy, RetryLayer, ReverseProxy, XForwardedFor};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use saydo_app::{LOOK_COOKIE, PAGES, PageRequest, Shell, ShellProps, SiteAssets, language};
use saydo_contract::HourCycle;
use serde::Deserialize;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, services::ServeDir, set_header::SetResponseHeaderLayer,
};

use self::{early::early_messages, plain::Plain};
use crate::{
    config::{Origin, TrustedProxies, WebConfig},
    http::{LARGEST_BODY, accept_language, edge, problem::ApiError},
};

/// The pages and the static site. Those without a script ask `api`, and take forms of `public` alone.
///
/// # Errors
/// Where the site's manifest is there and cannot be read.
pub fn pages(config: &WebConfig, api: Router, public: Origin) -> io::Result<Router> {
    // A second call finds the executor in place.
    let _ = Executor::init_tokio();
    let assets = assets(&config.site)?;
    let plain = Plain::new(api.clone(), public, assets.clone());
    let render = get(move |request: Request| page(request, assets.clone(), api.clone()));
    let missing = render.clone();
    let pages = PAGES.iter().fold(Router::new(), |router, path| router.route(path, render.clone()));
    let files = ServeDir::new(&config.site)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false)
        .fallback(missing);
    // Names under /pkg carry a hash of what is in them, but for a development build's.
    let hashed = config.site.join(MANIFEST).exists();
    let keep = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let caching =
        |policy| SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static(policy));
    // A worker has the policy that its own file came with, and must be able to load the page's.
    let policy = HeaderValue::from_static("default-src 'none'; connect-src 'self'; frame-ancestors 'none'");
    let worker_policy = SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy);
    let packages = ServeDir::new(config.site.join("pkg")).precompressed_br().precompressed_gzip();
    Ok(pages
        .merge(plain::routes(plain))
        .nest_service("/pkg", Router::new().fallback_service(packages).layer(caching(keep)))
        .fallback_service(Router::new().fallback_service(files).layer(caching("no-cache")).layer(worker_policy))
        .layer(middleware::from_fn(only_names_that_files_can_have))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(middleware::from_fn(edge::edge)))
}

/// A file system refuses other names with an error, which would be told as ours.
async fn only_names_that_files_can_have(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.contains("%00") || path.split('/').any(|name| name.len() > 255) {
        return StatusCode::NOT_FOUND.into_response();
    }
    next.run(request).await
}

/// Passes the api role's addresses on to it, streams too, and tells it who called as `trusted` proxies told us.
pub fn proxy(api_url: &str, trusted: TrustedProxies) -> Router {
    let policy = ProxyPolicy::new()
        .with_host_behaviour(HostBehaviour::Preserve)
        .with_x_forwarded_for(XForwardedFor::Append)
        .with_upstream_timeout(LONGEST_TURN);
    let paths = ["/api", "/mcp", "/register"];
    let routes = paths.iter().fold(Router::new(), |router, path| {
        let proxy = ReverseProxy::new(*path, format!("{api_url}{path}")).with_policy(policy.clone());
        router.merge(Router::from(proxy))
    });
    let trusted = Arc::new(trusted);
    routes
        .layer(middleware::from_fn(end_retries))
        .layer(RetryLayer::with_delay(usize::MAX, RETRY_DELAY).with_max_buffer_bytes(LARGEST_BODY))
        .layer(middleware::from_fn(tell_absence))
        .layer(middleware::map_request(move |request| std::future::ready(name_caller(&trusted, request))))
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(middleware::from_fn(edge::edge))
}

/// The api role trusts us, so what a caller claims of itself must not pass.
fn name_caller(trusted: &TrustedProxies, mut request: Request) -> Request {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let headers = request.headers_mut();
    let claims: Vec<HeaderValue> = headers.get_all(FORWARDED_FOR).iter().cloned().collect();
    headers.remove(FORWARDED_FOR);
    if let Some(peer) = peer {
        let caller = trusted.caller(peer, claims.iter().filter_map(|claim| claim.to_str().ok()));
        if caller != peer.to_canonical()
            && let Ok(value) = HeaderValue::try_from(caller.to_string())
        {
            headers.insert(FORWARDED_FOR, value);
        }
    }
    request
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A JSON turn sends its first byte at its end, and the api role bounds it before this.
const LONGEST_TURN: Duration = Duration::from_secs(3_600);

/// A replica that was killed is offered for a second or two more, and each connection may meet another: so long one that
/// could not be made is tried again. Nothing of the request was sent.
const RETRY_TIME: Duration = Duration::from_millis(1_500);
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// When a request came.
#[derive(Clone, Copy)]
struct Begun(Instant);

/// Why a request reached nobody: what the proxy says, but not to be tried again.
#[derive(Clone)]
struct Unreached(ProxyError);

/// Ends the retries in time: a connection may also take long to fail.
async fn end_retries(request: Request, next: Next) -> Response {
    let begun = request.extensions().get().copied();
    let mut response = next.run(request).await;
    let is_over = begun.is_none_or(|Begun(at)| at.elapsed() > RETRY_TIME);
    let is_final = |fault: &ProxyError| is_over || !fault.is_connect();
    if response.extensions().get().is_some_and(is_final)
        && let Some(fault) = response.extensions_mut().remove()
    {
        response.extensions_mut().insert(Unreached(fault));
    }
    response
}

/// The proxy's own failures as a problem.
async fn tell_absence(mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(Begun(Instant::now()));
    let response = next.run(request).await;
    let told = response.extensions();
    // Where it could not be tried again it stands as the proxy left it.
    let Some(fault) = told.get().map(|Unreached(fault)| fault).or_else(|| told.get()) else { return response };
    tracing::warn!(fault = fault.message(), "no answer of the api role");
    ApiError::unavailable("The server behind this page is away for a moment. Try again.").into_response()
}

const MANIFEST: &str = "manifest.json";

#[derive(Deserialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
}

/// The names of the site's files. `cargo leptos` writes no manifest and plain names.
fn assets(site: &Path) -> io::Result<SiteAssets> {
    match std::fs::read(site.join(MANIFEST)) {
        Ok(bytes) => {
            let Manifest { js, wasm, css } = serde_json::from_slice(&bytes)?;
            Ok(SiteAssets { js, wasm, css })
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(SiteAssets {
            js: "/pkg/saydo.js".to_owned(),
            wasm: "/pkg/saydo.wasm".to_owned(),
            css: "/pkg/saydo.css".to_owned(),
        }),
        Err(fault) => Err(fault),
    }
}

async fn page(request: Request, assets: SiteAssets, api: Router) -> Response {
    let uri = request.uri();
    let page = PageRequest {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        signed_in: has_session(request.headers()),
        look: look(request.headers()),
        language: tongue(request.headers()),
        hour_cycle: hour_cycle(request.headers()),
    };
    let known = is_page(&page.path);
    if known && !page.signed_in && !page.path.starts_with("/sign-") {
        let next = if page.path == "/" { String::new() } else { format!("?next={}", page.path) };
        return Redirect::to(&format!("/sign-in{next}")).into_response();
    }
    let (parts, body) = request.into_parts();
    let messages = match page.conversation() {
        Some(id) if page.signed_in => early_messages(&api, &parts, id).await,
        _ => None,
    };
    let context = move || {
        provide_context(page.clone());
        if let Some(messages) = messages.clone() {
            provide_context(messages);
        }
        if let Some(response) = use_context::<ResponseOptions>() {
            if !known {
                response.set_status(StatusCode::NOT_FOUND);
            }
            response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            if let Some(policy) = use_nonce().and_then(|nonce| content_policy(&nonce)) {
                response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
    };
    let shell = move || Shell(ShellProps { assets: assets.clone() });
    let request = Request::from_parts(parts, body);
    leptos_axum::render_app_to_stream_with_context(context, shell)(request).await.map(Body::new)
}

fn is_page(path: &str) -> bool {
    PAGES.iter().any(|page| match page.split_once('{') {
        Some((start, _)) => path.strip_prefix(start).is_some_and(|rest| !rest.is_empty() && !rest.contains('/')),
        None => *page == path,
    })
}

/// Whether a session cookie came along. Whether it is good, the api role says.
fn has_session(headers: &HeaderMap) -> bool {
    cookies(headers).any(|(name, _)| name.strip_prefix("__Secure-").unwrap_or(name) == "better-auth.session_token")
}

/// How the person wants the page to look.
fn look(headers: &HeaderMap) -> String {
    cookies(headers).find(|(name, _)| *name == LOOK_COOKIE).map(|(_, value)| value.to_owned()).unwrap_or_default()
}

/// The language of the page.
fn tongue(headers: &HeaderMap) -> String {
    let accepts = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    language(&look(headers), accepts).to_owned()
}

/// How the page counts the hours of a day.
fn hour_cycle(headers: &HeaderMap) -> HourCycle {
    accept_language::locale(headers).map(|locale| locale.hour_cycle).unwrap_or_default()
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// Only our own files, only the script that this page was made with, and no frame around it.
fn content_policy(nonce: &str) -> Option<HeaderValue> {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}

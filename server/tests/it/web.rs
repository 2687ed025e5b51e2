//! The web role: its proxy to the api role, and the pages that it renders.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::Router;
use reqwest::{Method, StatusCode, header};
use saydo::{
    config::{Origin, TrustedProxies, WebConfig},
    web::{pages, proxy},
};
use saydo_test_support::databases::TestDatabase;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpSocket};

use crate::app::{Answer, PASSWORD, Setup, TestApp, mcp_call, turn_events};

/// Serves the web role's way to the api role at `api`, and gives its origin.
async fn web_before(api: &str) -> String {
    web_behind("", api).await
}

/// The same, with proxies before it that it believes.
async fn web_behind(proxies: &str, api: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let router = proxy(api, TrustedProxies::parse(proxies).unwrap())
        .into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    origin
}

/// CONTRACT-23: JSON, streams and tools pass through the web role; an api role that is away is a problem.
#[tokio::test]
async fn the_web_role_passes_requests_on() {
    let database = TestDatabase::sqlite();
    let mut app = TestApp::offline(&database).await;
    let token = app.sign_up("ann").await.token;
    let id = app.sign_up("bob").await.id;
    let api = std::mem::take(&mut app.origin);
    app.origin = web_before(&api).await;

    let ok = app.get("/api/auth/ok").await;
    assert_eq!(ok.body, json!({ "ok": true }));
    app.get("/api/nowhere/at/all").await.assert_problem(404, "not-found");
    let foreign = app.request(Method::GET, &format!("/api/{id}/conversations")).bearer_auth(&token);
    Answer::of(foreign).await.assert_problem(403, "wrong-user");

    let cat = app.sign_up("cat").await;
    let chat = cat.chat_request(&json!({ "message": "add feed the cat" })).header(header::ACCEPT, "text/event-stream");
    let events = turn_events(chat.send().await.unwrap()).await;
    assert_eq!(events.last().unwrap().name, "turn.completed");
    let listed = Answer::of(mcp_call(&app, "list_tasks", json!({})).bearer_auth(&cat.token)).await;
    assert_eq!(listed.body["result"]["structuredContent"]["total"], 1, "{}", listed.text);
    let refused = Answer::of(app.request(Method::POST, "/register").json(&json!({}))).await;
    assert_eq!((refused.status, &refused.body["error"]), (404, &json!("invalid_request")));

    app.origin = web_before("http://127.0.0.1:9").await;
    app.get("/api/auth/ok").await.assert_problem(503, "unavailable");
    Answer::of(mcp_call(&app, "list_tasks", json!({}))).await.assert_problem(503, "unavailable");
    // Also one that is too large to be kept for another try.
    let large = app.request(Method::POST, "/api/auth/sign-in/email").body("x".repeat(200_000));
    Answer::of(large).await.assert_problem(503, "unavailable");
}

/// CONTRACT-23: a request that reached no api role is sent, whole and once, to the one that comes.
#[tokio::test]
async fn the_web_role_tries_again_to_connect() {
    // Refused until it listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let web = web_before(&format!("http://{}", socket.local_addr().unwrap())).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut answer = tokio::spawn(client.post(format!("{web}/api/echo")).body("all of it").send());
    tokio::time::timeout(Duration::from_millis(300), &mut answer).await.expect_err("it is tried again");
    let api = socket.listen(16).unwrap();
    let came = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&came);
    let echo = Router::new().fallback(move |body: String| {
        counted.fetch_add(1, Ordering::Relaxed);
        std::future::ready(body)
    });
    tokio::spawn(async move { axum::serve(api, echo).await.unwrap() });
    assert_eq!(answer.await.unwrap().unwrap().text().await.unwrap(), "all of it");
    assert_eq!(came.load(Ordering::Relaxed), 1);
}

/// DEPLOY-17: through the web role too, nobody tries passwords from addresses that they only claim to have; what a
/// proxy before it says counts where it is trusted.
#[tokio::test]
async fn claimed_addresses_do_not_pass_the_web_role() {
    let database = TestDatabase::sqlite();
    let proxies = TrustedProxies::parse("127.0.0.1").unwrap();
    let mut app = TestApp::start(&database, Setup { rate_limit: true, proxies, ..Setup::default() }).await;
    let api = std::mem::take(&mut app.origin);
    for (trusted, refused) in [("127.0.0.1", false), ("", true)] {
        app.origin = web_behind(trusted, &api).await;
        let tries = (1..=12).map(|host| {
            let body = json!({ "email": "a@b.de", "password": "wrong password" });
            let request = app.request(Method::POST, "/api/auth/sign-in/email").json(&body);
            Answer::of(request.header("x-forwarded-for", format!("198.51.100.{host}")))
        });
        let answers = futures::future::join_all(tries).await;
        assert_eq!(answers.iter().any(|answer| answer.status == 429), refused, "trusted: {trusted:?}");
    }
}

/// The web role's pages, without the site's files.
struct Pages {
    origin: String,
    client: reqwest::Client,
    _site: TempDir,
}

/// Serves the web role's pages before an application.
async fn pages_before(app: &TestApp) -> Pages {
    pages_of(proxy(&app.origin, TrustedProxies::default())).await
}

/// Serves the web role's pages before this API.
async fn pages_of(api: Router) -> Pages {
    let site = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let config = WebConfig { site: site.path().to_owned(), api_url: None };
    let router = pages(&config, api, Origin::of(address)).unwrap();
    let router = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    Pages { origin: format!("http://{address}"), client, _site: site }
}

/// UI-71: the page of a conversation begins with its messages, as text, for whose it is; without them where the api role
/// is away.
#[tokio::test]
async fn a_conversation_is_in_its_page() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let Pages { origin, client, _site } = pages_before(&app).await;
    let (ann, bob) = (app.sign_up("ann").await, app.sign_up("bob").await);
    let reply = ann.chat("/add <b>Milk</b> & </section>").await;
    let address = format!("{origin}/c/{}", reply.body["conversation_id"]);
    let open = async |cookie: &str| {
        let page = client.get(&address).header(header::COOKIE, cookie).send().await.unwrap();
        assert_eq!(
            (page.status().as_u16(), &page.headers()[header::CACHE_CONTROL]),
            (200, &"no-store".parse().unwrap())
        );
        let html = page.text().await.unwrap();
        html.split_once("<section class=\"early\"").map(|(_, rest)| rest.split_once("</section>").unwrap().0.to_owned())
    };
    let cookie = async |email: &str| {
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = app.request(Method::POST, "/api/auth/sign-in/email").json(&body).send().await.unwrap();
        answer.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
    };
    let (ann, bob) = (cookie(&ann.email).await, cookie(&bob.email).await);
    let seen = open(&ann).await.unwrap();
    assert!(seen.contains("/add &lt;b&gt;Milk&lt;/b&gt; &amp; &lt;/section&gt;"), "{seen}");
    assert!(seen.contains("Added") && seen.ends_with("</article>"), "{seen}");
    assert_eq!(open(&bob).await, None);
    assert_eq!(open("better-auth.session_token=forged").await, None);
    app.stop().await;
    assert_eq!(open(&ann).await, None);
}

/// UI-90: the page says from the start which clock the browser's language has.
#[tokio::test]
async fn a_page_has_the_clock_of_its_language() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let Pages { origin, client, _site } = pages_before(&app).await;
    for (language, clock) in [("en-US,en;q=0.9", "h12"), ("en-GB,en-US", "h23"), ("*", "h23"), ("de-u-hc-h12", "h12")] {
        let page = client.get(format!("{origin}/sign-in")).header(header::ACCEPT_LANGUAGE, language);
        let html = page.send().await.unwrap().text().await.unwrap();
        assert!(html.contains(&format!("data-hour-cycle=\"{clock}\"")), "{language}: {html}");
    }
}

/// UI-71: a page does not wait for an API that says nothing.
#[tokio::test]
async fn a_page_comes_without_messages_that_do_not() {
    let silent = Router::new().fallback(std::future::pending::<StatusCode>);
    let Pages { origin, client, _site } = pages_of(silent).await;
    let page = client.get(format!("{origin}/c/5")).header(header::COOKIE, "better-auth.session_token=any");
    let page = tokio::time::timeout(Duration::from_secs(10), page.send()).await.expect("the page waits").unwrap();
    let html = page.text().await.unwrap();
    assert!(html.contains("</html>") && !html.contains("class=\"early\""), "{html}");
}

/// UI-62, UI-64, UI-91: the web role makes the pages without a script of what the api role elsewhere answers, and takes forms of
/// its own pages alone.
#[tokio::test]
async fn forms_pass_the_web_role() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let Pages { origin, client, _site } = pages_before(&app).await;
    let post = |path: &str, body: &'static str| {
        let request = client.post(format!("{origin}{path}")).body(body);
        request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    };
    let made = "name=Ann&email=ann%40example.com&password=correct+horse";
    let made = post("/plain/sign-up", made).header(header::ORIGIN, &origin).send().await.unwrap();
    assert_eq!((made.status().as_u16(), &made.headers()[header::LOCATION]), (303, &"/plain".parse().unwrap()));
    let cookie = made.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();

    let say = || post("/plain", "message=%2Fadd+Buy+milk&key=0123456789abcdef").header(header::COOKIE, &cookie);
    assert_eq!(say().header(header::ORIGIN, "https://evil.example").send().await.unwrap().status(), 403);
    let said = say().header(header::ORIGIN, &origin).send().await.unwrap();
    assert_eq!(said.status(), 303);
    let address = said.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let page = client.get(format!("{origin}{address}")).header(header::COOKIE, &cookie).send().await.unwrap();
    let html = page.text().await.unwrap();
    assert!(html.contains("/add Buy milk") && html.contains("Added"), "{html}");
    assert!(!html.contains("<script"), "{html}");

    // UI-91: the browser's language reaches the api role.
    let dated = post("/plain", "message=%2Fadd+Pay+rent+12%2F5%2F2031+17%3A00&key=0123456789abcdeg");
    let dated = dated.header(header::COOKIE, &cookie).header(header::ORIGIN, &origin);
    let dated = dated.header(header::ACCEPT_LANGUAGE, "en-US").send().await.unwrap();
    let address = dated.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let page = client.get(format!("{origin}{address}")).header(header::COOKIE, &cookie).send().await.unwrap();
    let html = page.text().await.unwrap();
    assert!(html.contains("Fri, 5 Dec 2031, 5:00 PM"), "{html}");

    app.stop().await;
    let away = client.get(format!("{origin}{address}")).header(header::COOKIE, &cookie).send().await.unwrap();
    assert_eq!(away.status(), 503);
}

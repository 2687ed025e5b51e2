//! Sign-up, sign-in, sessions and tokens over HTTP.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::{Method, RequestBuilder};
use saydo_test_support::databases::TestDatabase;
use serde_json::{Value, json};

use crate::app::{Answer, PASSWORD, Person, Setup, TestApp};

fn post(app: &TestApp, path: &str, body: Value) -> RequestBuilder {
    app.request(Method::POST, &format!("/api/auth{path}")).json(&body)
}

#[track_caller]
fn assert_failure(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.body["code"].as_str()), (status, Some(code)), "{}", answer.text);
    assert!(answer.body["message"].as_str().is_some_and(|message| !message.is_empty()));
}

/// The cookies of an answer, as a browser would send them back.
fn cookies(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let kept = set.filter(|cookie| !cookie.contains("Max-Age=0")).map(|cookie| cookie.split(';').next().unwrap());
    kept.collect::<Vec<_>>().join("; ")
}

/// AUTH-03, AUTH-20: what sign-up and sign-in refuse, and how.
#[tokio::test]
async fn wrong_forms_have_better_auths_codes() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let sign_up = async |email: &str, password: &str| {
            Answer::of(post(&app, "/sign-up/email", json!({ "name": "Ann", "email": email, "password": password })))
                .await
        };
        assert_failure(&sign_up("ann@example.com", "seven77").await, 400, "PASSWORD_TOO_SHORT");
        assert_failure(&sign_up("ann@example.com", &"x".repeat(129)).await, 400, "PASSWORD_TOO_LONG");
        assert_failure(&sign_up("ann", PASSWORD).await, 400, "INVALID_EMAIL");
        assert_eq!(sign_up("ann@example.com", PASSWORD).await.status, 200);
        let taken = "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL";
        assert_failure(&sign_up("ann@example.com", PASSWORD).await, 422, taken);
        assert_failure(&sign_up("ANN@Example.com", PASSWORD).await, 422, taken);

        let sign_in = async |email: &str, password: &str| {
            Answer::of(post(&app, "/sign-in/email", json!({ "email": email, "password": password }))).await
        };
        let wrong = sign_in("ann@example.com", "wrong password").await;
        let unknown = sign_in("nobody@example.com", PASSWORD).await;
        assert_failure(&wrong, 401, "INVALID_EMAIL_OR_PASSWORD");
        assert_eq!(wrong.text, unknown.text);
        assert_eq!(sign_in("Ann@example.com", PASSWORD).await.status, 200);

        let broken =
            app.request(Method::POST, "/api/auth/sign-in/email").header("content-type", "application/json").body("{");
        assert_failure(&Answer::of(broken).await, 400, "VALIDATION_ERROR");
        assert_failure(&Answer::of(post(&app, "/sign-in/email", json!({}))).await, 400, "VALIDATION_ERROR");
        assert_failure(
            &Answer::of(app.request(Method::POST, "/api/auth/sign-in/email")).await,
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        );
        assert_failure(&app.get("/api/auth/nowhere").await, 404, "NOT_FOUND");
        assert_failure(&app.get("/api/auth/sign-out").await, 405, "METHOD_NOT_ALLOWED");
    }
}

/// AUTH-09, AUTH-11, AUTH-21, AUTH-23: a session by cookie or bearer, until sign-out.
#[tokio::test]
async fn a_session_lives_until_sign_out() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let get = |path: &str| app.request(Method::GET, &format!("/api/auth{path}"));
    assert_eq!(Answer::of(get("/get-session")).await.text, "null");
    assert_failure(&Answer::of(get("/token")).await, 401, "UNAUTHORIZED");
    assert_eq!(Answer::of(get("/jwks")).await.body, json!({ "keys": [] }));
    assert_eq!(Answer::of(get("/ok")).await.body, json!({ "ok": true }));

    let answer =
        Answer::of(post(&app, "/sign-up/email", json!({ "name": "Ann", "email": "a@b.de", "password": PASSWORD })))
            .await;
    let cookie = cookies(&answer);
    assert!(cookie.starts_with("better-auth.session_token="), "{cookie}");
    let signed = answer.header("set-auth-token").to_owned();
    let raw = answer.body["token"].as_str().unwrap().to_owned();

    let by_cookie = Answer::of(get("/get-session").header("cookie", &cookie)).await;
    assert_eq!(by_cookie.body["user"], answer.body["user"]);
    assert_eq!(by_cookie.body["session"]["userId"], answer.body["user"]["id"]);
    assert!(!by_cookie.headers.contains_key("set-cookie"), "a young session is not extended");
    for bearer in [&raw, &signed] {
        assert_eq!(Answer::of(get("/get-session").bearer_auth(bearer)).await.body, by_cookie.body);
    }

    let out =
        Answer::of(post(&app, "/sign-out", json!({})).header("cookie", &cookie).header("origin", &app.origin)).await;
    assert_eq!(out.body, json!({ "success": true }));
    assert!(out.headers.get_all("set-cookie").iter().all(|value| value.to_str().unwrap().contains("Max-Age=0")));
    assert_eq!(Answer::of(get("/get-session").header("cookie", &cookie)).await.text, "null");
    assert_failure(&Answer::of(get("/token").bearer_auth(&raw)).await, 401, "UNAUTHORIZED");
}

/// AUTH-10: a session that is not to be remembered ends with the browser.
#[tokio::test]
async fn a_browser_session_has_no_age() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let body = json!({ "email": ann.email, "password": PASSWORD, "rememberMe": false });
    let answer = Answer::of(post(&app, "/sign-in/email", body)).await;
    let set: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(set.iter().all(|cookie| !cookie.contains("Max-Age")), "{set:?}");
    assert!(cookies(&answer).contains("better-auth.dont_remember="));
}

/// AUTH-22: another site cannot act with the browser's cookies.
#[tokio::test]
async fn a_foreign_origin_is_refused() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let answer =
        Answer::of(post(&app, "/sign-up/email", json!({ "name": "Ann", "email": "a@b.de", "password": PASSWORD })))
            .await;
    let cookie = cookies(&answer);
    let sign_out = || post(&app, "/sign-out", json!({})).header("cookie", &cookie);
    for foreign in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        assert_failure(&Answer::of(sign_out().header("origin", foreign)).await, 403, "INVALID_ORIGIN");
    }
    assert_failure(&Answer::of(sign_out()).await, 403, "INVALID_ORIGIN");
    let session = app.request(Method::GET, "/api/auth/get-session").header("cookie", &cookie);
    assert_eq!(Answer::of(session).await.body["user"]["email"], "a@b.de", "still signed in");
    let forwarded = sign_out().header("origin", "http://saydo.test:8080").header("host", "saydo.test:8080");
    assert_eq!(Answer::of(forwarded).await.status, 200);
    assert_eq!(Answer::of(sign_out().header("origin", &app.origin)).await.status, 200);
}

/// AUTH-30: a browser that hides the origin is believed where it says that the page is ours, and only there.
#[tokio::test]
async fn a_hidden_origin_needs_the_browsers_word() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let answer =
        Answer::of(post(&app, "/sign-up/email", json!({ "name": "Ann", "email": "a@b.de", "password": PASSWORD })))
            .await;
    let hidden = |site: Option<&'static str>| {
        let request = post(&app, "/sign-out", json!({})).header("cookie", cookies(&answer)).header("origin", "null");
        if let Some(site) = site { request.header("sec-fetch-site", site) } else { request }
    };
    for site in [None, Some("cross-site"), Some("same-site"), Some("none"), Some("")] {
        assert_failure(&Answer::of(hidden(site)).await, 403, "INVALID_ORIGIN");
    }
    let foreign = post(&app, "/sign-out", json!({})).header("cookie", cookies(&answer));
    let claimed = foreign.header("origin", "https://evil.example").header("sec-fetch-site", "same-origin");
    assert_failure(&Answer::of(claimed).await, 403, "INVALID_ORIGIN");
    assert_eq!(Answer::of(hidden(Some("same-origin"))).await.status, 200);
}

/// AUTH-25, AUTH-26, AUTH-26a: dates in milliseconds, a JWT with the session, and nothing that a cache may keep.
#[tokio::test]
async fn answers_are_as_better_auths_client_reads_them() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let body = json!({ "name": "Ann", "email": "a@b.de", "password": PASSWORD });
        let signed_up = Answer::of(post(&app, "/sign-up/email", body.clone())).await;
        let signed_in = Answer::of(post(&app, "/sign-in/email", body)).await;
        let session = signed_in.body["token"].as_str().unwrap();
        let get = |path: &str| Answer::of(app.request(Method::GET, &format!("/api/auth{path}")).bearer_auth(session));
        let (view, token) = (get("/get-session").await, get("/token").await);

        let user_dates = ["/user/createdAt", "/user/updatedAt"];
        let session_dates = ["/session/createdAt", "/session/updatedAt", "/session/expiresAt"];
        let dates = user_dates.map(|date| [&signed_up, &signed_in, &view].map(|answer| (answer, date))).concat();
        for (answer, date) in dates.into_iter().chain(session_dates.map(|date| (&view, date))) {
            let text = answer.body.pointer(date).unwrap().as_str().unwrap();
            let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            assert_eq!(form, "0000-00-00T00:00:00.000Z", "{date}");
        }

        let jwt = view.header("set-auth-jwt");
        let id = view.body["user"]["id"].as_str().unwrap();
        let settings = app.request(Method::GET, &format!("/api/{id}/settings")).bearer_auth(jwt);
        assert_eq!(Answer::of(settings).await.status, 200, "{jwt}");

        let signed_out = app.get("/api/auth/get-session").await;
        assert!(!signed_out.headers.contains_key("set-auth-jwt"));
        let wrong = Answer::of(post(&app, "/sign-in/email", json!({ "email": "a@b.de", "password": "wrong" }))).await;
        assert_failure(&wrong, 401, "INVALID_EMAIL_OR_PASSWORD");
        for answer in [&signed_up, &signed_in, &view, &token, &signed_out, &wrong] {
            assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
        }
    }
}

/// The same password as two keyboards type it.
const COMPOSED: &str = "caf\u{e9} cr\u{e8}me";
const DECOMPOSED: &str = "cafe\u{301} cre\u{300}me";

/// AUTH-27: a password signs in, and erases the account, in whichever form it is typed.
#[tokio::test]
async fn a_password_signs_in_in_each_form() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        for (set, given) in [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)] {
            let body = json!({ "name": "Ann", "email": "a@b.de", "password": set });
            assert_eq!(Answer::of(post(&app, "/sign-up/email", body)).await.status, 200);
            let body = json!({ "email": "a@b.de", "password": given });
            let signed_in = Answer::of(post(&app, "/sign-in/email", body)).await;
            assert_eq!(signed_in.status, 200, "{}", signed_in.text);
            let ann = Person::returning(&app, signed_in.body["token"].as_str().unwrap().to_owned()).await;
            let erased = ann.request(Method::DELETE, "").json(&json!({ "password": given }));
            assert_eq!(Answer::of(erased).await.status, 204);
        }
    }
}

/// AUTH-28: a hash of an earlier version, made of the text as it was typed, signs in and is replaced.
#[tokio::test]
async fn an_older_hash_signs_in_and_is_replaced() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    // Of the bytes of `DECOMPOSED`.
    let older = "$argon2id$v=19$m=19456,t=2,p=1$YSBzYWx0IG9mIHRlc3RzIQ$TaWO5H2oUxHM+Wj8CNgyjZQZEhRueqa6+JV0FF8USBk";
    database.execute(&format!("UPDATE accounts SET password = '{older}'")).await;
    let is_kept = async || {
        let touch = format!("UPDATE accounts SET password = password WHERE password = '{older}'");
        database.execute(&touch).await == 1
    };
    let sign_in = async |password: &str| {
        Answer::of(post(&app, "/sign-in/email", json!({ "email": ann.email, "password": password }))).await.status
    };
    assert_eq!(sign_in("cafe creme").await, 401);
    assert!(is_kept().await, "a wrong password replaces nothing");
    assert_eq!(sign_in(COMPOSED).await, 200);
    assert!(!is_kept().await, "replaced");
    assert_eq!([sign_in(DECOMPOSED).await, sign_in(COMPOSED).await, sign_in("cafe creme").await], [200, 200, 401]);
}

/// AUTH-31: the characters of a password are counted in the composed form.
#[tokio::test]
async fn composed_characters_are_counted() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let sign_up = async |password: String| {
        Answer::of(post(&app, "/sign-up/email", json!({ "name": "A", "email": "a@b.de", "password": password }))).await
    };
    assert_failure(&sign_up("e\u{301}".repeat(7)).await, 400, "PASSWORD_TOO_SHORT");
    assert_failure(&sign_up("e\u{301}".repeat(129)).await, 400, "PASSWORD_TOO_LONG");
    assert_eq!(sign_up("e\u{301}".repeat(128)).await.status, 200);
}

/// AUTH-24: twelve tries at once are too many.
#[tokio::test]
async fn sign_ins_are_limited() {
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup { rate_limit: true, ..Setup::default() }).await;
    let wrong = || post(&app, "/sign-in/email", json!({ "email": "a@b.de", "password": "wrong password" }));
    let answers = futures::future::join_all((0..12).map(|_| Answer::of(wrong()))).await;
    let (tried, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 401);
    assert!(tried.len() >= 3 && !refused.is_empty(), "{} tried", tried.len());
    for answer in refused {
        assert_failure(answer, 429, "TOO_MANY_REQUESTS");
        assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|wait| (1..=10).contains(&wait)));
    }
}

/// AUTH-18: while an outside server's keys cannot be had, its tokens are neither good nor bad.
#[tokio::test]
async fn absent_keys_are_unavailable() {
    let database = TestDatabase::sqlite();
    let setup = Setup { jwks_url: Some("http://127.0.0.1:9/api/auth/jwks".to_owned()), ..Setup::default() };
    let app = TestApp::start(&database, setup).await;
    let ann = app.sign_up("ann").await;
    assert_eq!(ann.get("/settings").await.status, 200, "our own tokens stay good");
    let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let token = format!("{}.{}.c2ln", part(json!({ "alg": "EdDSA", "kid": "k" })), part(json!({ "sub": ann.id })));
    let asked = app.request(Method::GET, &format!("/api/{}/settings", ann.id)).bearer_auth(token);
    Answer::of(asked).await.assert_problem(503, "unavailable");
}

/// AUTH-04: a flood of sign-ins is refused, not queued without end.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_sign_ins_is_refused() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let wrong = || Answer::of(post(&app, "/sign-in/email", json!({ "email": "a@b.de", "password": "wrong password" })));
    let answers = futures::future::join_all((0..120).map(|_| wrong())).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 401).collect();
    assert!(!refused.is_empty() && refused.len() < answers.len());
    for answer in refused {
        assert_failure(answer, 503, "SERVICE_UNAVAILABLE");
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert_eq!(wrong().await.status, 401, "and it is over when the flood is");
}

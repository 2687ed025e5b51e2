//! Random requests: none is answered with a 5xx.

use proptest::{prelude::*, test_runner::TestRunner};
use reqwest::Method;
use saydo_test_support::databases::TestDatabase;

use crate::app::{Setup, TestApp};

const CASES: u32 = 10_000;

#[derive(Clone)]
struct Wild {
    method: &'static str,
    path: String,
    query: Option<String>,
    token: bool,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
    chunked: bool,
}

/// Bodies are long: their start tells enough.
impl std::fmt::Debug for Wild {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body[..self.body.len().min(200)]).into_owned();
        let query = self.query.as_deref().unwrap_or_default();
        write!(f, "{} /{}?{query} token={} chunked={}", self.method, self.path, self.token, self.chunked)?;
        write!(f, " {:?} {body:?}", self.headers)
    }
}

fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "api", "chat", "conversations", "messages", "events", "stop", "export", "settings", "auth", "token", "sign-in",
            "sign-up", "email", "sign-out", "get-session", "jwks", "mcp", "USER", "1", "0", "-1", "9999999999999999999",
            "openapi.json", "docs", "sign-in", "sign-up", "c", "pkg", "icon.svg", "LONG", ".well-known", "oauth-protected-resource", "healthz", "readyz", "%00", "%2e%2e", "%ff", "",
        ]).prop_map(str::to_owned),
        1 => "[!-~]{0,12}".prop_map(|text| text.replace(['/', '?', '#', '%'], "x")),
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::collection::vec(part(), 0..5).prop_map(|parts| parts.join("/")),
        3 => (prop::sample::select(vec!["chat", "conversations", "export", "settings", ""]), prop::collection::vec(part(), 0..3))
            .prop_map(|(first, rest)| format!("api/USER/{first}/{}", rest.join("/")).trim_end_matches('/').to_owned()),
        2 => (1..4_i64, prop::sample::select(vec!["", "/messages", "/stop"])).prop_map(|(id, rest)| format!("api/USER/conversations/{id}{rest}")),
        2 => Just("mcp".to_owned()),
    ]
}

fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|n| serde_json::to_string(&n).unwrap()),
        "\\PC{0,40}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just("\"\\u0000\"".to_owned()),
        Just("\"add buy milk\"".to_owned()),
        Just("\"2.0\"".to_owned()),
        Just("\"tools/call\"".to_owned()),
    ];
    let key = prop::sample::select(vec![
        "message",
        "conversation_id",
        "title",
        "password",
        "email",
        "name",
        "jsonrpc",
        "id",
        "method",
        "params",
        "arguments",
        "task_id",
        "user_id",
        "due",
        "limit",
        "cursor",
        "_meta",
        "x",
    ]);
    leaf.prop_recursive(4, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec((key.clone(), inner.clone()), 0..6).prop_map(|pairs| {
                let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", pairs.join(","))
            }),
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
        ]
    })
}

fn header() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let name = prop::sample::select(vec![
        "accept",
        "content-type",
        "idempotency-key",
        "time-zone",
        "last-event-id",
        "cookie",
        "origin",
        "x-request-id",
        "accept-encoding",
        "content-encoding",
        "range",
        "if-none-match",
        "mcp-protocol-version",
        "mcp-session-id",
        "authorization",
        "expect-ct",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "application/json",
            "text/event-stream",
            "application/json, text/event-stream",
            "*/*",
            "Europe/Berlin",
            "1-1",
            "bytes=0-5",
            "better-auth.session_token=x.y",
            "null",
            "Bearer x",
            "Bearer",
            "gzip",
            "2025-11-25",
            "2026-07-28",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(prop_oneof![4 => 0x20_u8..=0x7e, 1 => 0x80_u8..=0xff], 0..30),
    ];
    (name, value)
}

fn wild() -> impl Strategy<Value = Wild> {
    let body = prop_oneof![
        4 => json_text().prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..200),
        1 => Just(vec![b'['; 20_000]),
        1 => Just(vec![b'x'; 70_000]),
    ];
    let method = prop::sample::select(vec![
        "GET", "POST", "POST", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW",
    ]);
    let headers = (prop::bool::weighted(0.7), prop::collection::vec(header(), 0..4)).prop_map(|(json, mut headers)| {
        if json {
            headers.push(("content-type", b"application/json".to_vec()));
        }
        headers
    });
    let query = prop::option::of("[ -~]{0,30}");
    let (token, chunked) = (prop::bool::weighted(0.8), prop::bool::weighted(0.2));
    (method, path(), query, token, headers, body, chunked).prop_map(
        |(method, path, query, token, headers, body, chunked)| Wild {
            method,
            path,
            query,
            token,
            headers,
            body,
            chunked,
        },
    )
}

/// CONTRACT-06: ten thousand requests of every kind, and none is our fault.
#[tokio::test(flavor = "multi_thread")]
async fn no_request_gets_500() {
    let database = TestDatabase::sqlite();
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.path().join("pkg")).unwrap();
    std::fs::write(site.path().join("icon.svg"), "<svg/>").unwrap();
    let app = TestApp::start(&database, Setup { site: Some(site.path().to_owned()), ..Setup::default() }).await;
    let ann = app.sign_up("ann").await;
    ann.chat("add buy milk").await;
    let (origin, id, token) = (app.origin.clone(), ann.id.clone(), ann.token.clone());
    // An event stream stays open: its head is all that is looked at.
    let client = app.client.clone();
    let handle = tokio::runtime::Handle::current();
    let run = move || {
        let config = ProptestConfig {
            cases: CASES,
            failure_persistence: None,
            max_shrink_iters: 200,
            ..ProptestConfig::default()
        };
        let mut answered = 0_u32;
        let counted = std::cell::RefCell::new(&mut answered);
        let outcome = TestRunner::new(config).run(&wild(), |wild| {
            // Erasing the account would make the rest of the run dull.
            prop_assume!(!(wild.method == "DELETE" && wild.path == "api/USER"));
            let path = wild.path.replace("USER", &id).replace("LONG", &"n".repeat(300));
            let query = wild.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
            let Ok(url) = format!("{origin}/{path}{query}").parse::<reqwest::Url>() else { return Ok(()) };
            let body = if wild.chunked {
                let chunks: Vec<_> =
                    wild.body.chunks(16_384).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect();
                reqwest::Body::wrap_stream(futures::stream::iter(chunks))
            } else {
                wild.body.clone().into()
            };
            let mut request = client.request(Method::from_bytes(wild.method.as_bytes()).unwrap(), url).body(body);
            if wild.token {
                request = request.bearer_auth(&token);
            }
            for (name, value) in &wild.headers {
                request = request.header(*name, &value[..]);
            }
            let Ok(request) = request.build() else { return Ok(()) };
            // A server may answer and close before it has read a body that nobody wants: then the answer can be lost.
            let Ok(response) = handle.block_on(client.execute(request)) else {
                let well = handle.block_on(client.get(format!("{origin}/healthz")).send());
                prop_assert!(well.is_ok(), "the server is gone: {:?}", well);
                return Ok(());
            };
            **counted.borrow_mut() += 1;
            prop_assert!(!matches!(response.status().as_u16(), 500..=502 | 504..), "{}", response.status());
            Ok(())
        });
        outcome.unwrap();
        answered
    };
    let answered = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(answered > CASES * 9 / 10, "{answered} requests were sent");
    assert_eq!(ann.get("/settings").await.status, 200, "the server is well afterwards");
}

#![allow(clippy::unwrap_used)]

use super::*;

fn parse(text: &str) -> ServerAddress {
    ServerAddress::parse(text).unwrap()
}

/// AGENT-118: every form in which people write the address leads to the same requests.
#[test]
fn every_form_asks_the_same_address() {
    for (written, asked) in [
        ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1//", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/chat/completions/", "https://api.openai.com/v1/chat/completions"),
        (" \"http://localhost:11434/v1\" ", "http://localhost:11434/v1/chat/completions"),
        ("'http://localhost:11434'", "http://localhost:11434/chat/completions"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1/chat/completions"),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1/chat/completions"),
        ("https://host/v1#models", "https://host/v1/chat/completions"),
        (
            "https://x.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21",
            "https://x.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21",
        ),
    ] {
        assert_eq!(parse(written).to_string(), asked, "{written}");
    }
    for wrong in ["localhost:11434/v1", "ftp://host/v1", "http://", "the server", ""] {
        assert!(matches!(ServerAddress::parse(wrong), Err(BuildError::BaseUrl)), "{wrong}");
    }
}

/// AGENT-119: what is shown of an address holds no password and no value of its query but the version.
#[test]
fn secrets_of_an_address_are_not_shown() {
    let address = parse("https://me:planted@host/v1?key=planted&api-version=2024-10-21&token=planted");
    let shown = "https://host/v1/chat/completions?key=…&api-version=2024-10-21&token=…";
    assert_eq!((address.to_string(), format!("{address:?}")), (shown.to_owned(), shown.to_owned()));
    assert!(address.base().contains("me:planted@"));
}

/// AGENT-120: the step to `/v1` is there where the address names no version.
#[test]
fn an_address_without_a_version_has_a_longer_one() {
    let longer = |text: &str| parse(text).under_v1().map(|address| address.base().to_owned());
    assert_eq!(longer("http://localhost:11434").as_deref(), Some("http://localhost:11434/v1"));
    assert_eq!(longer("https://host/openai?a=b").as_deref(), Some("https://host/openai/v1"));
    assert_eq!(longer("https://x.openai.azure.com/").as_deref(), Some("https://x.openai.azure.com/openai/v1"));
    for whole in ["http://h/v1", "https://h/v1beta/openai", "https://open.bigmodel.cn/api/paas/v4", "http://h/v2/x"] {
        assert_eq!(longer(whole), None, "{whole}");
    }
}

/// AGENT-121: keys go where the server looks for them.
#[test]
fn azure_gets_its_key_in_its_own_header() {
    let headers = |address: &str, key: &str| parse(address).headers(Some(&key.into())).unwrap();
    let azure = headers("https://x.openai.azure.com/openai/v1", "abc");
    assert_eq!((azure["api-key"].to_str().unwrap(), azure.contains_key(AUTHORIZATION)), ("abc", false));
    let token = headers("https://x.services.ai.azure.com/openai/v1", "eyJ.a.b");
    assert_eq!((token[AUTHORIZATION].to_str().unwrap(), token.contains_key("api-key")), ("Bearer eyJ.a.b", false));
    let other = headers("https://azure.com.example.org/v1", "abc");
    assert_eq!((other[AUTHORIZATION].to_str().unwrap(), other.len()), ("Bearer abc", 1));
    let two = parse("https://me:planted@host/v1").headers(Some(&"abc".into()));
    assert!(matches!(two, Err(BuildError::TwoCredentials)));
}

/// AGENT-117: which servers are near, so that their models may take long to load.
#[test]
fn local_servers_are_known_by_their_names_and_addresses() {
    for local in [
        "localhost:1",
        "127.0.0.1:1",
        "127.8.8.8",
        "[::1]:1",
        "10.1.2.3",
        "172.20.0.2",
        "192.168.1.5",
        "169.254.1.1",
        "100.80.1.1",
        "[fd00::1]",
        "[fe80::1]",
        "[::ffff:10.0.0.1]",
        "0.0.0.0:1",
        "ollama:11434",
        "mac.local",
        "box.lan",
        "host.docker.internal",
        "ollama.ai.svc",
        "ollama.ai.svc.cluster.local",
        "app.localhost",
        "nas.home.arpa",
    ] {
        assert!(parse(&format!("http://{local}/v1")).is_local(), "{local}");
    }
    for remote in ["api.openai.com", "8.8.8.8", "172.32.0.1", "100.128.0.1", "[2001:db8::1]", "local.example.com"] {
        assert!(!parse(&format!("http://{remote}/v1")).is_local(), "{remote}");
    }
}

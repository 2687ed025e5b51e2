#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::json;

use super::*;

fn refusal(status: u16, body: &str) -> Refusal {
    ErrorText::new(status, body.as_bytes(), Some(Duration::from_secs(20))).refusal()
}

/// AGENT-110: what servers say of each fault, in the forms in which they say it.
#[test]
fn each_fault_is_known_by_its_words() {
    use Refusal::{Address, ContextTooLong, Credit, Filtered, Key, Loading, NoTools, Other, Overloaded, UnknownModel};
    let openai =
        |code: &str, message: &str| json!({ "error": { "message": message, "type": "x", "code": code } }).to_string();
    let wait = Refusal::RateLimit(Some(Duration::from_secs(20)));
    let text =
        |message: &str| json!({ "error": { "message": message, "type": "api_error", "code": null } }).to_string();
    for (status, body, expected) in [
        (401, openai("invalid_api_key", "Incorrect API key provided"), Key),
        (401, String::new(), Key),
        (403, "null".to_owned(), Key),
        (400, r#"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]"#.to_owned(), Key),
        (402, r#"{"error":{"message":"Insufficient Balance","type":"unknown_error"}}"#.to_owned(), Credit),
        (402, String::new(), Credit),
        (429, openai("insufficient_quota", "You exceeded your current quota, please check your plan and billing details."), Credit),
        (429, r#"{"error":{"message":"Your account is suspended","type":"exceeded_current_quota_error"}}"#.to_owned(), Credit),
        (429, r#"{"error":{"code":"1113","message":"余额不足或无可用资源包,请充值。"}}"#.to_owned(), Credit),
        (400, text("Your credit balance is too low to access the Anthropic API."), Credit),
        (403, text("AllocationQuota.FreeTierOnly"), Credit),
        (400, text("Arrearage"), Credit),
        (429, text("you have used up your daily free allocation"), Credit),
        (412, text("Account is suspended, possibly due to reaching the monthly spending limit"), Credit),
        (400, openai("400", "budget_exceeded"), Credit),
        (429, openai("rate_limit_exceeded", "Rate limit reached for requests"), wait),
        (429, r#"[{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED"}}]"#.to_owned(), wait),
        (429, "Too many requests".to_owned(), wait),
        (404, openai("model_not_found", "The model `gpt-9` does not exist or you do not have access to it."), UnknownModel),
        (404, text("model \"qwen9\" not found, try pulling it first"), UnknownModel),
        (400, r#"{"error":{"message":"Model Not Exist","type":"invalid_request_error"}}"#.to_owned(), UnknownModel),
        (400, r#"{"object":"error","message":"Invalid model: large","type":"invalid_model","code":"1500"}"#.to_owned(), UnknownModel),
        (404, r#"{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}"#.to_owned(), UnknownModel),
        (404, r#"{"error":{"message":"No endpoints found for acme/none.","code":404}}"#.to_owned(), UnknownModel),
        (400, r#"{"error":{"message":"acme/none is not a valid model ID","code":400}}"#.to_owned(), UnknownModel),
        (403, openai("model_not_found", "Project does not have access to model"), UnknownModel),
        (404, r#"{"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}}"#.to_owned(), UnknownModel),
        (404, r#"{"error_code":"ENDPOINT_NOT_FOUND","message":"The given endpoint does not exist."}"#.to_owned(), UnknownModel),
        (404, r#"{"title":"Not Found","detail":"Function 'a': Not found for account"}"#.to_owned(), UnknownModel),
        (404, text("No endpoints found matching your data policy."), UnknownModel),
        (400, openai("model_not_supported", "not a chat model"), UnknownModel),
        (400, openai("1301", "内容敏感"), Filtered),
        (400, openai("tool_use_failed", "Failed to call a function."), Overloaded),
        (498, openai("capacity_exceeded", "Flex tier capacity exceeded"), Overloaded),
        (400, openai("context_length_exceeded", "This model's maximum context length is 8192 tokens."), ContextTooLong),
        (400, r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#.to_owned(), ContextTooLong),
        (400, text("prompt is too long: 210000 tokens > 200000 maximum"), ContextTooLong),
        (413, String::new(), ContextTooLong),
        (400, text("stablelm2:latest does not support tools"), NoTools),
        (400, r#"{"error":"hf.co/some/model does not support tools"}"#.to_owned(), NoTools),
        (404, r#"{"error":{"message":"No endpoints found that support tool use.","code":404}}"#.to_owned(), NoTools),
        (400, r#"{"object":"error","message":"\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set","code":400}"#.to_owned(), NoTools),
        (500, r#"{"error":{"code":500,"message":"tools param requires --jinja flag","type":"server_error"}}"#.to_owned(), NoTools),
        (500, r#"{"error":{"code":500,"message":"Unsupported param: tools","type":"server_error"}}"#.to_owned(), NoTools),
        (400, openai("", "`tool calling` is not supported with this model"), NoTools),
        (400, openai("content_filter", "The response was filtered due to Azure's content management policy."), Filtered),
        (400, r#"{"code":"data_inspection_failed","message":"Input data may contain inappropriate content."}"#.to_owned(), Filtered),
        (503, r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#.to_owned(), Loading),
        (404, "404 page not found".to_owned(), Address),
        (404, r#"{"detail":"Not Found"}"#.to_owned(), Address),
        (405, String::new(), Address),
        (400, text("max_tokens is too large: 4096. The maximum context length is 8192 tokens."), ContextTooLong),
        (301, "<html><body>moved</body></html>".to_owned(), Address),
        (200, "<!doctype html><title>A page</title>".to_owned(), Address),
        (500, String::new(), Overloaded),
        (502, "<html><body>502 Bad Gateway</body></html>".to_owned(), Overloaded),
        (529, text("Overloaded"), Overloaded),
        (400, openai("invalid_value", "Invalid value for 'messages'"), Other),
        (422, r#"[{"error":{"code":422,"message":"no","status":"INVALID"}}]"#.to_owned(), Other),
    ] {
        assert_eq!(refusal(status, &body), expected, "{status} {body}");
    }
}

/// AGENT-112: a part of the request that a server does not take is known, however it says so.
#[test]
fn a_part_that_is_refused_is_known() {
    for (status, body, feature) in [
        (
            400,
            r#"{"error":{"message":"Extra inputs are not permitted, field: 'stream_options'","code":"invalid_request_error"}}"#,
            Feature::StreamOptions,
        ),
        (
            422,
            r#"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted","input":{"include_usage":true}}]}"#,
            Feature::StreamOptions,
        ),
        (
            400,
            r##"{"message":"Validation error at #/stream_options: Extra inputs are not permitted"}"##,
            Feature::StreamOptions,
        ),
        (501, r#"{"error":"stream_options is not implemented"}"#, Feature::StreamOptions),
        (
            400,
            r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model.","param":"max_tokens"}}"#,
            Feature::MaxTokens,
        ),
        (400, r#"{"message":"This model doesn't support tool use in streaming mode."}"#, Feature::Stream),
        (
            400,
            r#"{"message":"Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9."}"#,
            Feature::CallIds,
        ),
        (
            500,
            r#"{"error":{"message":"Tool call IDs should be alphanumeric strings with length 9!"}}"#,
            Feature::CallIds,
        ),
        (
            400,
            r#"{"error":{"message":"The `reasoning_content` in the thinking mode must be passed back to the API."}}"#,
            Feature::CallsWithoutReasoning,
        ),
        (
            400,
            r#"{"message":"property 'messages.2.assistant.reasoning_content' is unsupported"}"#,
            Feature::ServerFields,
        ),
        (
            422,
            r#"{"detail":[{"type":"extra_forbidden","loc":["body","messages",2,"assistant","reasoning_details"],"msg":"Extra inputs are not permitted"}]}"#,
            Feature::ServerFields,
        ),
        (400, r#"{"message":"can only concatenate str (not \"NoneType\") to str"}"#, Feature::NullContent),
        (
            400,
            r#"{"errors":[{"message":"Type mismatch of '/messages/2/content', 'string' not in 'null'"}]}"#,
            Feature::NullContent,
        ),
        (
            500,
            r#"{"error":{"code":500,"message":"Cannot use tools with stream","type":"server_error"}}"#,
            Feature::Stream,
        ),
        (
            400,
            r#"{"error":{"message":"Your organization must be verified to stream this model.","param":"stream","code":"unsupported_value"}}"#,
            Feature::Stream,
        ),
    ] {
        assert_eq!(refusal(status, body), Refusal::Feature(feature), "{status} {body}");
    }
}

/// AGENT-112: a request that an error repeats says nothing of its cause, and a failure of another part is no refusal.
#[test]
fn what_an_error_repeats_is_not_read() {
    let echoed = r#"{"detail":[{"loc":["body","messages"],"msg":"bad","input":{"stream_options":{},"text":"insufficient_quota"}}]}"#;
    assert_eq!(refusal(422, echoed), Refusal::Other);
    assert_eq!(refusal(503, r#"{"error":"upstream stream not supported now"}"#), Refusal::Overloaded);
    assert_eq!(refusal(500, r#"{"error":"unknown error in the stream"}"#), Refusal::Overloaded);
    assert_eq!(refusal(400, r#"{"error":"a restricted value"}"#), Refusal::Other);
}

/// AGENT-110: how long to wait is read from the words too, where no header says it.
#[test]
fn a_wait_is_read_from_the_words() {
    let wait = |message: &str| match ErrorText::new(429, message.as_bytes(), None).refusal() {
        Refusal::RateLimit(wait) => wait.map(|wait| wait.as_secs()),
        other => panic!("{other:?}"),
    };
    assert_eq!(wait(r#"{"error":{"message":"Quota exceeded. Please retry in 34.07s."}}"#), Some(35));
    assert_eq!(wait("Rate limit reached. Please try again in 20s."), Some(20));
    assert_eq!(wait("try again in 300ms."), None);
    assert_eq!(wait("try again in a while"), None);
}

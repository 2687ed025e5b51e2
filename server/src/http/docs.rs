use axum::{Router, http::HeaderValue, http::header};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

#[derive(OpenApi)]
#[openapi(
    info(title = "Saydo", description = "A to-do list that you talk to."),
    components(schemas(saydo_contract::Problem)),
    modifiers(&Schemes),
    security(("token" = [])),
    tags(
        (name = "Chat", description = "The agent: the one way to change tasks"),
        (name = "Conversations", description = "What was said"),
        (name = "Account", description = "Everything of one person"),
        (name = "Sign-in", description = "Better Auth's e-mail-and-password flow"),
    ),
)]
struct Head;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let mut token = Http::new(HttpAuthScheme::Bearer);
        token.bearer_format = Some("JWT".to_owned());
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("better-auth.session_token"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// The whole document, with addresses from the root.
fn document() -> Document {
    let (_, routes) = super::api::api_routes().merge(super::api::documented_auth_routes()).split_for_parts();
    Head::openapi().nest("/api", routes)
}

/// The document at `/api/openapi.json` and its pages at `/api/docs`, served from this binary.
pub(crate) fn routes() -> Router {
    // The pages set styles from script; they are ours and show no one's data.
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
    let pages =
        SwaggerUi::new("/api/docs").config(Config::from("/api/openapi.json")).url("/api/openapi.json", document());
    Router::from(pages)
        .layer(SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)))
}

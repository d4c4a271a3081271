//! The server of the examples: it answers as the servers in the reference's sessions did.

use harness::server::{Request, Response, text};
use hyper::header::{CONTENT_TYPE, LOCATION};
use hyper::{Method, StatusCode};

/// The form that the POST example sends.
pub const FORM: &str = "%40number=12524&%40type=issue&%40action=show";

/// What the PUT example stores.
pub const FILE: &str = "***filecontents***";

/// What the POST example gets.
pub const REDIRECTING: &str = r#"Redirecting to <a href="http://bugs.python.org/issue12524">http://bugs.python.org/issue12524</a>"#;

/// The page, the form and the file. The page is gone for a connection's second request: the reference
/// shows 200 and then 404 for the same path.
pub fn site(request: Request, earlier: usize) -> Response {
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/") if earlier == 0 => text(StatusCode::OK, "Welcome.\n"),
        (&Method::POST, "/") if is_form(&request) => redirect(),
        (&Method::PUT, "/file") if request.body() == FILE => text(StatusCode::OK, ""),
        _ => text(StatusCode::NOT_FOUND, "Not here.\n"),
    }
}

/// Whether the request is the POST example's, type and contents.
fn is_form(request: &Request) -> bool {
    let form = "application/x-www-form-urlencoded";
    let content_type = request.headers().get(CONTENT_TYPE);
    content_type.is_some_and(|value| value == form) && request.body() == FORM
}

fn redirect() -> Response {
    let mut response = text(StatusCode::FOUND, REDIRECTING);
    let location = "http://bugs.python.org/issue12524"
        .parse()
        .expect("a valid header value");
    response.headers_mut().insert(LOCATION, location);
    response
}

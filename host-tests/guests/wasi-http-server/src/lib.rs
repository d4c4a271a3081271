//! A server made with Spin's SDK, which fetches while it serves and knows nothing of httplib: the answer of
//! `/https://host/path` is that URL's.
#![forbid(unsafe_code)]

use spin_sdk::http::{IntoResponse, Request, get};
use spin_sdk::http_service;
use spin_sdk::wasip3::http::types::ErrorCode;

#[http_service]
async fn handle(request: Request) -> Result<impl IntoResponse, ErrorCode> {
    let url = request.uri().path().trim_start_matches('/').to_owned();
    get(url).await
}

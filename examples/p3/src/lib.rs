//! `get URL`: fetches each URL, all at once, and prints the status and the length of each body.
#![forbid(unsafe_code)]

use bindings::httplib::http::client::{Error, HttpResponse, describe, request};
use futures::future::join_all;
use wit_bindgen::StreamResult;

mod bindings {
    wit_bindgen::generate!({
        path: "../../wit/p3",
        inline: "
            package example:p3;

            world p3 {
                import httplib:http/client@0.3.0;
            }
        ",
        generate_all,
    });
}

wasip3::cli::command::export!(Program);

struct Program;

impl wasip3::exports::cli::run::Guest for Program {
    async fn run() -> Result<(), ()> {
        let urls = wasip3::cli::environment::get_arguments()
            .into_iter()
            .skip(1);
        let fetched = join_all(urls.map(fetch)).await;
        let mut report = String::new();
        for line in fetched {
            report += &line.unwrap_or_else(|error| describe(&error));
            report.push('\n');
        }
        print(report).await
    }
}

async fn fetch(url: String) -> Result<String, Error> {
    let response = request("GET".into(), url, None, Vec::new(), None, None).await?;
    let status = response.status();
    let (mut body, trailers) = HttpResponse::consume_body(response).await;
    let mut length = 0;
    let mut block = Vec::with_capacity(64 << 10);
    loop {
        let (result, read) = body.read(block).await;
        length += read.len();
        block = read;
        block.clear();
        if result == StreamResult::Dropped {
            break;
        }
    }
    // The body is whole only if this is no error.
    trailers.await?;
    Ok(format!("{status} {length}"))
}

async fn print(text: String) -> Result<(), ()> {
    let (mut writer, reader) = wasip3::wit_stream::new();
    let written = wasip3::cli::stdout::write_via_stream(reader);
    writer.write_all(text.into_bytes()).await;
    drop(writer);
    written.await.map_err(drop)
}

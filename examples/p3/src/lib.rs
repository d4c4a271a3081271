//! `get URL`: fetches each URL, all at once, and prints the status and the length of each body.
#![forbid(unsafe_code)]

use futures::future::join_all;

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
            report += &line.unwrap_or_else(|error| error.to_string());
            report.push('\n');
        }
        print(report).await
    }
}

async fn fetch(url: String) -> httplib::Result<String> {
    let response = httplib::asynchronous::get(&url).send().await?;
    let status = response.status();
    let mut length = 0;
    response.consume(|piece| length += piece.len()).await?;
    Ok(format!("{status} {length}"))
}

async fn print(text: String) -> Result<(), ()> {
    let (mut writer, reader) = wasip3::wit_stream::new();
    let written = wasip3::cli::stdout::write_via_stream(reader);
    writer.write_all(text.into_bytes()).await;
    drop(writer);
    written.await.map_err(drop)
}

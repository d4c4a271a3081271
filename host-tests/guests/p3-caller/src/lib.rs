//! The calls over WASI 0.3: the same sequences, the same arguments, the same model; see [`command`].
#![forbid(unsafe_code)]

mod waiting;

use caller::model::Interface;
use caller::run::command;

use waiting::Waiting;

wasip3::cli::command::export!(Program);

struct Program;

impl wasip3::exports::cli::run::Guest for Program {
    async fn run() -> Result<(), ()> {
        let arguments = wasip3::cli::environment::get_arguments();
        match command::<Waiting>(Interface::Wasi03, &arguments[1..]).await {
            Ok(report) => print(report).await,
            Err(text) => panic!("{text}"),
        }
    }
}

async fn print(text: String) -> Result<(), ()> {
    let (mut writer, reader) = wasip3::wit_stream::new();
    let written = wasip3::cli::stdout::write_via_stream(reader);
    writer.write_all(text.into_bytes()).await;
    drop(writer);
    written.await.map_err(drop)
}

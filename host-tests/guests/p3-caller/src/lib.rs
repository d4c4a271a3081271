//! The calls over WASI 0.3: the same sequences, the same arguments, the same model.
//!
//! - `sequences PORT NOBODY SEED COUNT ONLINE`: so many sequences, of which so many of a million talk to the server.
//! - `properties PORT NOBODY SEED COUNT`: so many arguments.
#![forbid(unsafe_code)]

mod waiting;

use caller::model::{Interface, World};
use caller::properties::properties;
use caller::run::{Plan, sequences};

use waiting::Waiting;

wasip3::cli::command::export!(Program);

struct Program;

impl wasip3::exports::cli::run::Guest for Program {
    async fn run() -> Result<(), ()> {
        let arguments = wasip3::cli::environment::get_arguments();
        let numbers = arguments[2..].iter().map(|it| it.parse::<u64>());
        let numbers: Vec<u64> = numbers.collect::<Result<_, _>>().map_err(drop)?;
        let world = World {
            interface: Interface::Wasi03,
            port: numbers[0] as u16,
            nobody: numbers[1] as u16,
        };
        let report = match (arguments[1].as_str(), &numbers[2..]) {
            ("sequences", &[seed, count, online]) => {
                let online = online as u32;
                let plan = Plan {
                    seed,
                    count,
                    online,
                };
                let report = sequences::<Waiting>(plan, &world).await;
                report.map(|it| it.to_string())
            }
            ("properties", &[seed, count]) => {
                let tried = properties::<Waiting>(seed, count, &world).await;
                tried.map(|it| it.to_string())
            }
            (other, _) => Err(format!("no such command: {other}")),
        };
        match report {
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

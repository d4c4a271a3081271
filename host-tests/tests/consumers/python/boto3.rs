//! boto3, which is large, against moto's server, which answers as S3 does.

use std::fs;
use std::process;
use std::sync::OnceLock;

use harness::program::Program;
use harness::server::pattern;
use harness::tls::Authority;
use tempfile::TempDir;
use wasmtime_wasi::FsPerms;

use super::componentize;
use super::libraries::BOTO3;
use crate::Outcome;
use crate::command::Command;

/// Three parts: boto3 uploads 8 MiB at a time.
const SIZE: usize = 20 << 20;

/// moto's server, with a certificate for `localhost`.
struct Moto {
    port: u16,
    folder: TempDir,
    _program: Program,
}

impl Moto {
    fn start() -> Self {
        let authority = Authority::new();
        let identity = authority.issue(&["localhost"]);
        let folder = TempDir::new().expect("the system has room for a folder");
        let write = |name: &str, bytes: &[u8]| {
            fs::write(folder.path().join(name), bytes).expect("the folder can be written");
        };
        write("ca.pem", authority.pem().as_bytes());
        write("chain.pem", identity.chain_pem().as_bytes());
        write("key.pem", identity.key_pem().as_bytes());
        write("file", &pattern(SIZE));
        let mut server = process::Command::new(BOTO3.python().with_file_name("moto_server"));
        server
            .args(["--host", "127.0.0.1", "--port", "0"])
            .args(["--ssl", "--ssl-cert", "chain.pem", "--ssl-key", "key.pem"])
            .current_dir(folder.path());
        let program = Program::start(&mut server);
        let said = program.wait_for("Running on ");
        let port = said.trim_end().rsplit_once(':').map(|(_, port)| port);
        let port = port.and_then(|port| port.parse().ok());
        Self {
            port: port.expect("it says its port last"),
            folder,
            _program: program,
        }
    }

    /// Has the example put, get, list, upload and download.
    fn exchange(&self, host: &str) -> Outcome {
        let endpoint = format!("https://{host}:{}", self.port);
        let data = BOTO3.folder().join("botocore/data");
        let arguments = ["s3", "bucket", "/files/file", "/files/copy"];
        s3().outcome(&arguments, None, |context| {
            context
                .env("AWS_ENDPOINT_URL", endpoint)
                .env("AWS_CA_BUNDLE", "/files/ca.pem")
                .env("AWS_DEFAULT_REGION", "us-east-1")
                .env("AWS_ACCESS_KEY_ID", "user")
                .env("AWS_SECRET_ACCESS_KEY", "password")
                .env("AWS_DATA_PATH", "/data")
                // An error of TLS is one of those that it tries again.
                .env("AWS_MAX_ATTEMPTS", "1")
                .preopened_dir(&data, "/data", FsPerms::ReadOnly)
                .expect("botocore has its data")
                .preopened_dir(self.folder.path(), "/files", FsPerms::ReadWrite)
                .expect("the folder is there");
        })
    }

    fn file(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.path().join(name)).expect("the program has written it")
    }
}

fn s3() -> &'static Command {
    static COMMAND: OnceLock<Command> = OnceLock::new();
    COMMAND.get_or_init(|| Command::compose(&componentize("examples/s3", "s3", &BOTO3)))
}

#[test]
#[ignore = "installs boto3 and moto, and takes minutes: run `make boto3`"]
fn moves_objects_with_boto3() {
    let moto = Moto::start();
    let outcome = moto.exchange("localhost");
    let listed = format!("hello from a component\nfile {SIZE}\ngreeting 22\n");
    assert_eq!(outcome.stdout, listed, "{outcome:?}");
    assert!(outcome.success, "{outcome:?}");
    assert!(moto.file("copy") == pattern(SIZE), "another file came back");
    let outcome = moto.exchange("127.0.0.1");
    let said = outcome.stderr.contains("certificate verify failed");
    assert!(said && !outcome.success, "{outcome:?}");
}

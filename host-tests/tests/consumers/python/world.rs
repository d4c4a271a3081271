//! The servers that the Python tests talk to, and the peers whose scripts they bring themselves.
//!
//! A test asks [`World::port`] for what it needs:
//!
//! | request | response |
//! |---|---|
//! | `GET /ports` | the ports below, as JSON |
//! | `POST /peers`, `{"tls": false, "connections": [[step, …], …]}` | the port of a new peer |
//! | `GET /peers/PORT/connections` | how many connections it has had |
//! | `GET /peers/PORT/received/N` | what the connection with this number has brought so far |
//! | `POST /peers/PORT/signal` | has it go on where its script waits for this |
//! | `DELETE /peers/PORT` | ends it |
//! | `GET /relays/NAME` | the heads of the requests to this proxy, as a JSON array |
//!
//! A step is an array of a word and its text, in which a character stands for a byte.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

use harness::peer::{Peer, Port, Step};
use harness::program::run;
use harness::relay::Relay;
use harness::server::{Request, Response, Server, text};
use harness::tls::{Authority, Identity, ServerTls};
use hyper::{Method, StatusCode};
use rustls::ServerConfig;
use serde_json::{Value, json};

/// The names that the servers' certificate is for.
const NAMES: &[&str] = &["localhost", "www.python.org", "bugs.python.org"];

/// One for the process, with servers that last as long.
pub struct World {
    director: Server,
    /// Plain, over TLS, over TLS with clients' certificates, with a certificate that has expired,
    /// and with one that was revoked.
    servers: [(&'static str, Server); 5],
    /// Proxies, over TCP and over TLS.
    relays: [(&'static str, Relay); 2],
    closed: Port,
    silent: Port,
    authority: Authority,
    client: Identity,
    revoked: String,
    tls: Arc<ServerConfig>,
    peers: Mutex<HashMap<u16, Peer>>,
}

/// The only one.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(World::new)
}

impl World {
    fn new() -> Self {
        let authority = Authority::new();
        let identity = authority.issue(NAMES);
        let tls = ServerTls::new(&identity).build();
        let mutual = ServerTls::new(&identity).clients_of(&authority).build();
        let expired = authority.request(NAMES).expired().issue();
        let revoked = authority.issue(NAMES);
        let servers = [
            ("http", Server::http()),
            ("https", Server::https(tls.clone())),
            ("mutual", Server::https(mutual)),
            ("expired", Server::https(ServerTls::new(&expired).build())),
            ("revoked", Server::https(ServerTls::new(&revoked).build())),
        ];
        Self {
            director: Server::start(direct, None),
            servers,
            relays: [
                ("relay", Relay::start(None)),
                ("relay-tls", Relay::start(Some(tls.clone()))),
            ],
            closed: Port::closed(),
            silent: Port::silent(),
            client: authority.request(&["client"]).for_client().issue(),
            revoked: authority.revoke(&[revoked.serial()], 3000),
            authority,
            tls,
            peers: Mutex::default(),
        }
    }

    /// Where tests ask.
    pub fn port(&self) -> u16 {
        self.director.port()
    }

    /// Writes the authority (`ca.pem`, and the folder `hashed` in OpenSSL's way), what it has revoked
    /// (`revoked.pem`), and a client's certificate and key (`client.pem`, `client.key`, and both in
    /// `client-both.pem`).
    pub fn write(&self, folder: &Path) {
        let files = [
            ("ca.pem", self.authority.pem()),
            ("revoked.pem", self.revoked.clone()),
            ("client.pem", self.client.chain_pem()),
            ("client.key", self.client.key_pem()),
            (
                "client-both.pem",
                self.client.chain_pem() + &self.client.key_pem(),
            ),
            ("hashed/ca.pem", self.authority.pem()),
        ];
        let hashed = folder.join("hashed");
        fs::create_dir(&hashed).expect("the folder is new");
        for (name, contents) in files {
            fs::write(folder.join(name), contents).expect("the folder can be written");
        }
        run(Command::new("openssl").arg("rehash").arg(hashed));
    }

    /// A TLS configuration whose certificate is for [`NAMES`].
    pub fn tls(&self) -> Arc<ServerConfig> {
        self.tls.clone()
    }

    fn ports(&self) -> Value {
        let mut ports = json!({
            "closed": self.closed.number(),
            "silent": self.silent.number(),
        });
        for (name, server) in &self.servers {
            ports[name] = server.port().into();
        }
        for (name, relay) in &self.relays {
            ports[name] = relay.port().into();
        }
        ports
    }

    fn start(&self, script: &Value) -> Option<u16> {
        let connections = script["connections"].as_array()?;
        let connections = connections.iter().map(steps).collect::<Option<_>>()?;
        let peer = match script["tls"].as_bool()? {
            true => Peer::script_tls(self.tls(), connections),
            false => Peer::script(connections),
        };
        let port = peer.port();
        self.peers
            .lock()
            .expect("no test panics here")
            .insert(port, peer);
        Some(port)
    }
}

fn direct(request: Request, _earlier: usize) -> Response {
    let world = world();
    let path = request.uri().path().to_owned();
    let segments: Vec<_> = path.split('/').skip(1).collect();
    let answer = match (request.method(), segments.as_slice()) {
        (&Method::GET, ["ports"]) => Some(world.ports().to_string().into_bytes()),
        (&Method::GET, ["relays", name]) => {
            let mut relays = world.relays.iter();
            let relay = relays.find(|(it, _)| it == name);
            relay.map(|(_, relay)| json!(relay.heads()).to_string().into_bytes())
        }
        (&Method::POST, ["peers"]) => serde_json::from_slice(request.body())
            .ok()
            .and_then(|script| world.start(&script))
            .map(|port| port.to_string().into_bytes()),
        (method, ["peers", port, rest @ ..]) => port
            .parse()
            .ok()
            .and_then(|port| ask(&world.peers, port, method, rest)),
        _ => None,
    };
    match answer {
        Some(answer) => text(StatusCode::OK, answer),
        None => text(StatusCode::BAD_REQUEST, "no such request"),
    }
}

fn ask(
    peers: &Mutex<HashMap<u16, Peer>>,
    port: u16,
    method: &Method,
    rest: &[&str],
) -> Option<Vec<u8>> {
    let mut peers = peers.lock().expect("no test panics here");
    if method == Method::DELETE {
        // Dropped only after the lock: that waits for its thread.
        let peer = peers.remove(&port);
        drop(peers);
        return peer.map(|_| Vec::new());
    }
    let peer = peers.get(&port)?;
    match rest {
        ["signal"] => {
            peer.signal();
            Some(Vec::new())
        }
        ["connections"] => Some(peer.connections().to_string().into_bytes()),
        ["received", number] => {
            let number = number.parse().ok()?;
            (number < peer.connections()).then(|| peer.received(number))
        }
        _ => None,
    }
}

fn steps(script: &Value) -> Option<Vec<Step>> {
    script.as_array()?.iter().map(step).collect()
}

fn step(step: &Value) -> Option<Step> {
    let bytes = |index: usize| -> Option<Vec<u8>> {
        let text = step[index].as_str()?;
        text.chars().map(|c| u8::try_from(c).ok()).collect()
    };
    Some(match step[0].as_str()? {
        "await-head" => Step::AwaitHead,
        "await" => Step::await_marker(bytes(1)?),
        "send" => Step::send(bytes(1)?),
        "send-bytewise" => Step::bytewise(bytes(1)?),
        "await-signal" => Step::AwaitSignal,
        "hold" => Step::Hold,
        "close" => Step::Close,
        "reset" => Step::Reset,
        _ => return None,
    })
}

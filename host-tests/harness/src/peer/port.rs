//! A port that belongs to the test before anybody listens there.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use socket2::{Domain, Socket, Type};

use super::{Peer, Step};

/// A port of 127.0.0.1 that nobody else can take. Connections to it are refused until a peer listens
/// there.
pub struct Port {
    socket: Socket,
    /// Connections that fill the queue of those not yet accepted.
    fill: Vec<Socket>,
}

impl Port {
    /// A port where nobody listens.
    #[must_use]
    pub fn closed() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("the system has sockets");
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        socket.bind(&any.into()).expect("loopback has a free port");
        Self {
            socket,
            fill: Vec::new(),
        }
    }

    /// A port whose queue is full: it does not answer those who want to connect.
    #[must_use]
    pub fn silent() -> Self {
        let mut port = Self::closed();
        port.socket.listen(0).expect("a bound socket listens");
        // The first connects and is never accepted; the others wait for room.
        for _ in 0..3 {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("as above");
            socket.set_nonblocking(true).expect("a fresh socket");
            let _in_progress = socket.connect(&port.address().into());
            port.fill.push(socket);
        }
        port
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.address().port()
    }

    /// Begins to listen, with a script for each connection.
    #[must_use]
    pub fn open(self, connections: Vec<Vec<Step>>) -> Peer {
        drop(self.fill);
        self.socket.listen(16).expect("a bound socket listens");
        let listener = TcpListener::from(self.socket);
        listener.set_nonblocking(true).expect("an open socket");
        while listener.accept().is_ok() {}
        listener.set_nonblocking(false).expect("an open socket");
        Peer::script_at(listener, connections)
    }

    fn address(&self) -> SocketAddr {
        let address = self.socket.local_addr().expect("a bound socket has one");
        address.as_socket().expect("it is one of IPv4")
    }
}

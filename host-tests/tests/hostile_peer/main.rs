//! Peers that send without end, or more than anybody wants, as fast as they can.
//!
//! Each exchange ends with the right bytes or with the error that the reference says, before its deadline or with
//! it; the instance never has more than 8 MiB of memory; and the same connection object then fetches from a good
//! server. What takes minutes is ignored here: `make hostile` runs it.

mod bodies;
mod certificates;
mod chunks;
mod handshakes;
mod heads;
mod key_updates;
mod lengths;
mod proxies;
mod records;
mod support;
mod uploads;

//! HTTP/1 as values: bytes in, heads and bodies out, and requests into bytes.
//!
//! What may live here: functions of their arguments, on `std` and `httparse`. No socket, clock, TLS
//! or WIT. Input may come in any pieces; how it was cut never changes a result.

//! `httplib` over scripted hosts, in a time that passes at once.

mod early;
mod environment;
mod expect;
mod one_call;
mod proxies;
mod repeats;
mod sources;
mod states;
mod timeouts;
mod trailing;
mod unread;

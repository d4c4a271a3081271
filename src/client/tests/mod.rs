//! `httplib` over scripted hosts, in a time that passes at once.

mod proxies;
mod unread;

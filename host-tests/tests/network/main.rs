//! What the component does on a network that is slow, large, crowded or hostile, and behind proxies.
//! A module per subject.

mod deadline;
mod early;
mod expect;
mod interim;
mod memory;
mod names;
mod one_call;
mod pollables;
mod proxies;
mod repeats;
mod splice;
mod support;
mod upgrade;
mod uploads;

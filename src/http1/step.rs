//! What a reader of bodies says of the bytes that it is shown.

/// What stands at the front of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The input is empty: more is needed.
    NeedMore,
    /// So many bytes are framing, at least one: the caller drops them and calls again.
    Framing(usize),
    /// So many bytes are body, at least one: the caller takes some of them, drops those and says how
    /// many with [`BodyReader::took`](super::BodyReader::took).
    Data(usize),
    /// Nothing of the input belongs to this body, which is complete.
    Complete,
}

/// `available`, or `left` if that is less. Lengths on the wire don't fit a 32-bit `usize`.
pub(super) fn at_most(available: usize, left: u64) -> usize {
    usize::try_from(left).map_or(available, |left| left.min(available))
}

/// What is left after `amount` bytes were taken.
pub(super) fn less(left: u64, amount: usize) -> u64 {
    u64::try_from(amount)
        .ok()
        .and_then(|amount| left.checked_sub(amount))
        .expect("invariant: no more is taken than Step::Data offered")
}

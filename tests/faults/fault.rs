//! What goes wrong on the way, and one direction of the way.

use std::cell::Cell;
use std::rc::Rc;

/// What happens after so many bytes in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub at: usize,
    pub kind: Kind,
    pub moment: Moment,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The connection is closed: nothing more arrives, and nothing more is taken.
    Close,
    /// The same, but it is reset.
    Reset,
    /// Nothing more arrives, ever.
    Stall,
    /// The rest arrives a second later.
    Split,
    /// This bit of the next byte is turned around.
    Flip(u8),
    /// These bytes arrive that nobody sent.
    Insert(&'static [u8]),
    /// So many bytes arrive twice.
    Repeat(usize),
    /// So many bytes get lost.
    Lose(usize),
    /// So many bytes change places with so many that follow them.
    Swap(usize, usize),
}

/// When a connection that is cut shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// With the last byte that arrives.
    AtOnce,
    /// A second later.
    Later,
}

/// How a direction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    Closed,
    Reset,
    Silent,
}

impl Fault {
    /// In front of which byte what arrives is no longer what was sent.
    pub fn harms_at(&self) -> usize {
        match self.kind {
            Kind::Repeat(length) => self.at + length,
            _ => self.at,
        }
    }
}

impl Kind {
    /// What it is counted as.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Reset => "reset",
            Self::Stall => "stall",
            Self::Split => "split",
            Self::Flip(_) => "flip",
            Self::Insert(_) => "garbage",
            Self::Repeat(_) => "repeat",
            Self::Lose(_) => "lose",
            Self::Swap(..) => "reorder",
        }
    }

    /// Whether it is over with the exchange of so many bytes, if it begins at this one. What happens to the next
    /// exchange alone is another trial.
    pub fn fits(&self, at: usize, length: usize) -> bool {
        match self {
            Self::Close | Self::Reset | Self::Split | Self::Insert(_) => at <= length,
            Self::Stall | Self::Flip(_) => at < length,
            Self::Repeat(span) | Self::Lose(span) => at + span <= length,
            Self::Swap(span, others) => at + span + others <= length,
        }
    }

    /// How it ends a direction, if it does.
    pub fn cut(&self) -> Option<Cut> {
        match self {
            Self::Close => Some(Cut::Closed),
            Self::Reset => Some(Cut::Reset),
            Self::Stall => Some(Cut::Silent),
            _ => None,
        }
    }
}

/// One direction of the way.
pub struct Lane {
    fault: Option<Fault>,
    /// All bytes that were sent.
    sent: Vec<u8>,
    /// Those that wait for others.
    held: Vec<u8>,
    fired: bool,
    /// Whether what happens a second later has happened.
    due: Rc<Cell<bool>>,
}

impl Lane {
    pub fn new(fault: Option<Fault>) -> Self {
        Self {
            fault,
            sent: Vec::new(),
            held: Vec::new(),
            fired: false,
            due: Rc::default(),
        }
    }

    /// All that was sent.
    pub fn sent(&self) -> &[u8] {
        &self.sent
    }

    /// Carries bytes: what arrives of them, and of those before.
    pub fn carry(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut arriving = Vec::new();
        self.fire(&mut arriving);
        for byte in bytes {
            self.carry_byte(*byte, &mut arriving);
            self.sent.push(*byte);
            self.fire(&mut arriving);
        }
        if self.is_split() && self.due.get() {
            arriving.append(&mut self.held);
        }
        arriving
    }

    /// How it ends, once the last byte before that has passed.
    pub fn cut(&self) -> Option<Cut> {
        let cut = self.fault.as_ref()?.kind.cut()?;
        self.fired.then_some(cut)
    }

    /// The same, once it shows.
    pub fn cut_now(&self) -> Option<Cut> {
        self.cut().filter(|_| self.due.get())
    }

    /// Whether bytes are on their way that will arrive.
    pub fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Asked once after it has happened: what sets off its second half a second later.
    pub fn starts_waiting(&mut self) -> Option<Rc<Cell<bool>>> {
        let fault = self.fault.as_ref()?;
        if !self.fired || self.due.get() || Rc::strong_count(&self.due) > 1 {
            return None;
        }
        let waits = self.is_split() || fault.moment == Moment::Later;
        if !waits {
            self.due.set(true);
            return None;
        }
        Some(Rc::clone(&self.due))
    }

    /// Whether it takes no more than what comes before the fault.
    pub fn limits_room(&self) -> bool {
        let fault = self.fault.as_ref();
        self.is_split() || fault.is_some_and(|it| it.kind.cut().is_some())
    }

    /// Whether the second half of a split has begun.
    pub fn is_open_again(&self) -> bool {
        self.is_split() && self.due.get()
    }

    fn is_split(&self) -> bool {
        matches!(&self.fault, Some(fault) if fault.kind == Kind::Split)
    }

    fn carry_byte(&mut self, byte: u8, arriving: &mut Vec<u8>) {
        let Some(Fault { at, kind, .. }) = &self.fault else {
            return arriving.push(byte);
        };
        let Some(beyond) = self.sent.len().checked_sub(*at) else {
            return arriving.push(byte);
        };
        match kind {
            Kind::Close | Kind::Reset | Kind::Stall => {}
            Kind::Split if !self.due.get() => self.held.push(byte),
            Kind::Flip(bit) if beyond == 0 => arriving.push(byte ^ (1 << bit)),
            Kind::Lose(length) if beyond < *length => {}
            Kind::Swap(length, _) if beyond < *length => self.held.push(byte),
            _ => arriving.push(byte),
        }
    }

    /// What happens between two bytes.
    fn fire(&mut self, arriving: &mut Vec<u8>) {
        let Some(Fault { at, kind, .. }) = &self.fault else {
            return;
        };
        let when = match kind {
            Kind::Repeat(length) => at + length,
            Kind::Swap(length, others) => at + length + others,
            _ => *at,
        };
        if self.fired || self.sent.len() != when {
            return;
        }
        self.fired = true;
        match kind {
            Kind::Insert(bytes) => arriving.extend_from_slice(bytes),
            Kind::Repeat(_) => arriving.extend_from_slice(&self.sent[*at..when]),
            Kind::Swap(..) => arriving.append(&mut self.held),
            _ => {}
        }
    }
}

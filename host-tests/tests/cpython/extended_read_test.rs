//! `ExtendedReadTest`: `peek`, `read1` and `readline`, for a body up to the end of the connection. Its
//! two subclasses do the same for the other framings.

use harness::component::{Response, Result};

use crate::support::answer;

pub const BODY: &str = "hello world!\nand now \nfor something completely different\nfoo";

pub fn assert_peeks_what_is_read_next(response: &Response) {
    let mut body = Vec::new();
    loop {
        let short = response.peek(3).expect("more to come");
        let long = response.peek(1 << 16).expect("more to come");
        assert!(long.starts_with(&short), "{long:?} begins with {short:?}");
        let read = response
            .read(Some(long.len() as u64))
            .expect("what was peeked");
        assert_eq!(read, long);
        if read.is_empty() {
            break;
        }
        body.extend(read);
    }
    assert_eq!(body, BODY.as_bytes());
}

pub fn assert_lines(limit: Option<u64>, mut readline: impl FnMut(Option<u64>) -> Vec<u8>) {
    let mut body = Vec::new();
    loop {
        let line = readline(limit);
        if line.is_empty() {
            break;
        }
        let is_last = body.len() + line.len() == BODY.len();
        let is_full = limit == Some(line.len() as u64);
        assert!(line.ends_with(b"\n") || is_full || is_last, "{line:?}");
        body.extend(line);
    }
    assert_eq!(body, BODY.as_bytes());
}

/// Lines put together from `read1`, byte for byte what `readline` gives.
pub fn assert_lines_of_read1(response: &Response) {
    let mut held = Vec::new();
    assert_lines(None, |_| {
        while !held.contains(&b'\n') {
            let read = response.read1(Some(4)).expect("more to come");
            assert!(read.len() <= 4);
            if read.is_empty() {
                break;
            }
            held.extend(read);
        }
        let end = held.iter().position(|&byte| byte == b'\n');
        let rest = held.split_off(end.map_or(held.len(), |end| end + 1));
        std::mem::replace(&mut held, rest)
    });
}

pub fn assert_read1(response: &Response, amount: Option<u64>) {
    let mut body = Vec::new();
    loop {
        let read = response.read1(amount).expect("more to come");
        assert!(amount.is_none_or(|amount| read.len() as u64 <= amount));
        if read.is_empty() {
            break;
        }
        body.extend(read);
    }
    assert_eq!(body, BODY.as_bytes());
    assert!(response.is_closed());
}

/// The tests of a class, against this reply.
macro_rules! tests {
    ($reply:expr) => {
        #[test]
        fn test_peek() -> Result<()> {
            assert_peeks_what_is_read_next(&*answer($reply)?);
            Ok(())
        }

        #[test]
        fn test_readline() -> Result<()> {
            let response = answer($reply)?;
            assert_lines(Some(5), |limit| response.readline(limit).expect("a line"));
            assert!(response.is_closed());
            Ok(())
        }

        #[test]
        fn test_readline_without_limit() -> Result<()> {
            let response = answer($reply)?;
            assert_lines(None, |limit| response.readline(limit).expect("a line"));
            assert!(response.is_closed());
            Ok(())
        }

        #[test]
        fn test_read1() -> Result<()> {
            let response = answer($reply)?;
            assert_lines_of_read1(&response);
            assert!(response.is_closed());
            Ok(())
        }

        #[test]
        fn test_read1_unbounded() -> Result<()> {
            assert_read1(&*answer($reply)?, None);
            Ok(())
        }

        #[test]
        fn test_read1_bounded() -> Result<()> {
            assert_read1(&*answer($reply)?, Some(10));
            Ok(())
        }

        #[test]
        fn test_read1_0() -> Result<()> {
            let response = answer($reply)?;
            assert_eq!(response.read1(Some(0))?, b"");
            assert!(!response.is_closed());
            Ok(())
        }

        #[test]
        fn test_peek_0() -> Result<()> {
            let response = answer($reply)?;
            let peeked = response.peek(0)?;
            assert!(BODY.as_bytes().starts_with(&peeked));
            Ok(())
        }
    };
}

pub(crate) use tests;

tests!(format!("HTTP/1.1 200 OK\r\n\r\n{BODY}"));

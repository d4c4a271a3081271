//! Input cut where the fuzzer likes.

/// `input` in pieces as long as `lengths` says, in turn; 0 counts as 1, and what is left is one piece.
pub fn pieces<'a>(input: &'a [u8], lengths: &[u8]) -> Vec<&'a [u8]> {
    let mut rest = input;
    let mut pieces = Vec::new();
    for length in lengths {
        let length = usize::from(*length).clamp(1, rest.len().max(1));
        let Some((piece, behind)) = rest.split_at_checked(length) else {
            break;
        };
        pieces.push(piece);
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

//! What is timed.

use subtle::ConstantTimeEq;

use super::statistics::Times;
use super::{Class, measure};
use crate::provider::aead::{Algorithm, TAG_LEN};
use crate::provider::{ALGORITHMS, Cipher};
use crate::random::Random;

/// The data of a record: enough for every loop, and little enough for the clock to see one step more or less.
const DATA: usize = 1024;
/// The length of a Finished message's `verify_data` with SHA-256: RFC 8446, section 4.4.4.
const MAC: usize = 32;
/// One comparison is over before the clock has moved.
const COMPARISONS: usize = 32;

/// Prints a line for each subject, of this many times each: its name, their number, their median in nanoseconds, and t.
pub fn run(samples: usize) {
    let show = |name: String, times: Times| {
        let (count, median, t) = (times.count(), times.median(), times.t());
        println!("{name:<34} {count:>9} {median:>7} {t:>8.1}");
    };
    println!("{:<34} {:>9} {:>7} {:>8}", "subject", "times", "ns", "t");
    for algorithm in ALGORITHMS {
        show(format!("{algorithm:?}: key"), keys(samples, algorithm));
        show(format!("{algorithm:?}: data"), data(samples, algorithm));
        show(format!("{algorithm:?}: tag"), tags(samples, algorithm));
    }
    show(
        "MAC".into(),
        macs(samples, |ours, theirs| ours.ct_eq(theirs).into()),
    );
    // What the method is worth: it must see this one.
    show(
        "a comparison that stops early".into(),
        macs(samples, |ours, theirs| ours == theirs),
    );
}

/// Sets the key up and seals, with one key or with many.
fn keys(samples: usize, algorithm: Algorithm) -> Times {
    let input = |class, random: &mut Random| {
        let mut key = vec![0; algorithm.key_len()];
        if class == Class::Second {
            random.fill(&mut key);
        }
        (key, vec![0; DATA])
    };
    measure(samples, input, |(key, data)| {
        Cipher::kernel(algorithm, key).seal(&[0; 12], &[], data)
    })
}

/// Seals the same data or others.
fn data(samples: usize, algorithm: Algorithm) -> Times {
    let key: Vec<u8> = (0..algorithm.key_len() as u8).collect();
    let cipher = Cipher::kernel(algorithm, &key);
    let input = |class, random: &mut Random| {
        let mut data = vec![0; DATA];
        if class == Class::Second {
            random.fill(&mut data);
        }
        data
    };
    measure(samples, input, |data| cipher.seal(&[0; 12], &[], data))
}

/// Opens what has a tag that is wrong at its beginning, or at its end.
fn tags(samples: usize, algorithm: Algorithm) -> Times {
    let key: Vec<u8> = (0..algorithm.key_len() as u8).collect();
    let cipher = Cipher::kernel(algorithm, &key);
    let tag = cipher.seal(&[0; 12], &[], &mut []);
    let input = |class, _: &mut Random| wrong::<TAG_LEN>(tag, class);
    measure(samples, input, |tag| {
        let opened = cipher.open(&[0; 12], &[], &mut [], tag);
        assert!(opened.is_err(), "the tag is wrong");
    })
}

/// Compares the codes of messages. rustls compares its own with `subtle`.
fn macs(samples: usize, equal: impl Fn(&[u8], &[u8]) -> bool) -> Times {
    let mut expected = [0; MAC];
    Random::new().fill(&mut expected);
    let input = |class, _: &mut Random| wrong::<MAC>(expected, class);
    measure(samples, input, |mac| {
        for _ in 0..COMPARISONS {
            let equal = equal(std::hint::black_box(&expected), std::hint::black_box(mac));
            assert!(!std::hint::black_box(equal), "one byte differs");
        }
    })
}

fn wrong<const LENGTH: usize>(mut right: [u8; LENGTH], class: Class) -> [u8; LENGTH] {
    let place = match class {
        Class::First => 0,
        Class::Second => LENGTH - 1,
    };
    right[place] ^= 1;
    right
}

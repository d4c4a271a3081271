//! A few seconds of the load: nothing is wrong in it, and nothing is left behind. A binary of its own: it counts what
//! the whole process has open.

use std::time::Duration;

use soak::{Plan, run};

#[test]
fn a_mixed_load_with_faults_leaves_nothing_behind() {
    let report = run(Plan {
        duration: Duration::from_secs(10),
        instances: 8,
        interval: Duration::from_millis(250),
    });
    println!("{}", report.markdown());
    report.assert_full();
    assert!(report.after <= report.before);
}

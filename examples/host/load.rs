//! The same calls again and again, and what that took.

use std::fs;
use std::time::Instant;

use tokio::task::JoinSet;

use crate::pool::Pool;

/// Has the pool fetch each URL so many times, with as many calls waiting as may wait. It prints one line,
/// and gives whether each call brought a page.
pub async fn run(pool: Pool, urls: &[String], times: usize) -> bool {
    let begin = Instant::now();
    let mut answers = JoinSet::new();
    let mut pages = 0;
    for url in urls.iter().cycle().take(urls.len() * times) {
        answers.spawn(pool.submit(url).await);
        while let Some(answer) = answers.try_join_next() {
            pages += usize::from(matches!(answer, Ok(Ok(Ok(Ok(_))))));
        }
    }
    for answer in answers.join_all().await {
        pages += usize::from(matches!(answer, Ok(Ok(Ok(_)))));
    }
    let seconds = begin.elapsed().as_secs_f64();
    let resident = resident();
    let memories = pool.shut_down().await;
    let linear = memories.iter().sum::<usize>() / memories.len() / 1024;
    let rate = pages as f64 / seconds;
    println!(
        "{pages} pages in {seconds:.2} s, {rate:.0} a second; {resident} KiB resident, {linear} KiB linear memory each"
    );
    pages == urls.len() * times
}

/// KiB of this process that are in memory, as Linux says.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().split(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

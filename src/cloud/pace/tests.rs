use super::*;
use crate::model::OwnRate;

fn call(operation: &str) -> Call {
    Call { service: "organizations", operation: operation.into(), site: None }
}

fn pacer(pace: Pace) -> Pacer {
    Pacer::new(pace, OwnRates::default())
}

#[tokio::test(start_paused = true)]
async fn a_burst_goes_through_at_once_and_the_rest_at_the_rate() {
    let pacer = pacer(Pace::FromTheStart);
    let start = Instant::now();
    for _ in 0..8 {
        pacer.turn(&call("ListAccounts")).await;
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    for _ in 0..10 {
        pacer.turn(&call("ListAccounts")).await;
    }
    assert_eq!(start.elapsed().as_millis() / 100, 20);
}

#[tokio::test(start_paused = true)]
async fn all_calls_of_identity_center_share_one_rate() {
    let pacer = pacer(Pace::FromTheStart);
    let start = Instant::now();
    for n in 0..40 {
        pacer.turn(&Call { service: "sso", operation: format!("List{}", n % 4), site: None }).await;
    }
    assert_eq!(start.elapsed().as_millis() / 100, 10);
}

#[tokio::test(start_paused = true)]
async fn a_rate_of_the_blueprint_takes_the_place_of_the_tables() {
    let mut own = OwnRates::default();
    own.put("organizations:DescribePolicy", OwnRate { per_second: 10.0, burst: Some(20.0) });
    own.put("organizations:List*", OwnRate { per_second: 1.0, burst: None });
    let pacer = Pacer::new(Pace::FromTheStart, own);
    let start = Instant::now();
    for _ in 0..30 {
        pacer.turn(&call("DescribePolicy")).await;
    }
    assert_eq!(start.elapsed().as_millis() / 100, 10, "20 at once and 10 at 10 a second");
    for _ in 0..10 {
        pacer.turn(&call("ListRoots")).await;
    }
    assert_eq!(start.elapsed().as_millis() / 100, 30, "8 at once, as in the table, and 2 at one a second");
    assert_eq!(pacer.interval(&call("ListAccounts")), Duration::from_secs(1));
    assert_eq!(pacer.interval(&call("AttachPolicy")), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_endpoint_is_paced_only_once_it_throttles() {
    let pacer = pacer(Pace::OnceThrottled);
    let start = Instant::now();
    for _ in 0..100 {
        pacer.turn(&call("ListAccounts")).await;
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    pacer.slow_down(&call("ListAccounts"), start, None);
    pacer.turn(&call("ListAccounts")).await;
    assert_eq!(start.elapsed().as_millis() / 10, 20);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_endpoint_that_throttled_once_gets_faster_again() {
    let pacer = pacer(Pace::OnceThrottled);
    let start = Instant::now();
    pacer.slow_down(&call("ListAccounts"), start, None);
    for _ in 0..300 {
        let turn = pacer.turn(&call("ListAccounts")).await;
        pacer.answered(&call("ListAccounts"), &turn);
    }
    // 2 ln(1 + 300 / 10) seconds; at the table's 5 a second they would take 60.
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    assert!(pacer.interval(&call("ListAccounts")) < Duration::from_millis(10));
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_already_follow_what_throttling_changes() {
    let pacer = Arc::new(pacer(Pace::FromTheStart));
    let start = Instant::now();
    for _ in 0..3 {
        pacer.turn(&call("AttachPolicy")).await;
    }
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let pacer = Arc::clone(&pacer);
            tokio::spawn(async move { drop(pacer.turn(&call("AttachPolicy")).await) })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    pacer.slow_down(&call("AttachPolicy"), Instant::now(), None);
    for task in waiting {
        task.await.expect("it does not panic");
    }
    // Half a second after the start nothing is left, and from then on there is one every two seconds.
    assert_eq!(start.elapsed().as_millis() / 100, 45);
}

#[tokio::test(start_paused = true)]
async fn the_pause_that_aws_asks_for_is_kept() {
    let pacer = pacer(Pace::FromTheStart);
    let start = Instant::now();
    pacer.slow_down(&call("ListAccounts"), start, Some(Duration::from_secs(30)));
    pacer.turn(&call("ListAccounts")).await;
    assert_eq!(start.elapsed(), Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn anyone_who_gives_up_waiting_takes_nothing_of_the_rate() {
    let pacer = Arc::new(pacer(Pace::FromTheStart));
    let start = Instant::now();
    for _ in 0..5 {
        pacer.turn(&call("DescribePolicy")).await;
    }
    let waiting: Vec<_> = (0..300)
        .map(|_| {
            let pacer = Arc::clone(&pacer);
            tokio::spawn(async move { drop(pacer.turn(&call("DescribePolicy")).await) })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let queue = Queue {
        call: "organizations:DescribePolicy".into(),
        made: 5,
        waiting: 300,
        interval: Duration::from_millis(500),
    };
    assert_eq!(queue.left(), Duration::from_secs(150));
    assert_eq!(pacer.queues(), [queue]);
    for task in waiting {
        task.abort();
        assert!(task.await.is_err(), "it waits still");
    }
    assert_eq!(pacer.queues(), []);
    pacer.turn(&call("DescribePolicy")).await;
    assert_eq!(start.elapsed().as_millis() / 10, 50);
}

#[tokio::test(start_paused = true)]
async fn the_interval_is_what_pacing_leaves_between_two_calls() {
    let known = pacer(Pace::FromTheStart);
    assert_eq!(known.interval(&call("ListAccounts")), Duration::from_millis(200));
    assert_eq!(known.interval(&call("DescribePolicy")), Duration::from_millis(500));
    known.slow_down(&call("DescribePolicy"), Instant::now(), None);
    assert_eq!(known.interval(&call("DescribePolicy")), Duration::from_secs(1), "half of what the table says");
    let unknown = pacer(Pace::OnceThrottled);
    assert_eq!(unknown.interval(&call("ListAccounts")), Duration::ZERO);
    unknown.slow_down(&call("ListAccounts"), Instant::now(), None);
    assert_eq!(unknown.interval(&call("ListAccounts")), Duration::from_millis(200));
    assert_eq!(unknown.interval(&call("DescribePolicy")), Duration::ZERO, "each operation by itself");
}

#[tokio::test(start_paused = true)]
async fn writes_to_the_organization_come_one_at_a_time() {
    let pacer = pacer(Pace::OnceThrottled);
    let first = pacer.turn(&call("AttachPolicy")).await;
    assert!(tokio::time::timeout(Duration::from_millis(20), pacer.turn(&call("CreatePolicy"))).await.is_err());
    drop(first);
    pacer.turn(&call("CreatePolicy")).await;
}

//! Long runs in which all goes wrong: a disk that crashes anywhere, a provider that fails, clocks that jump, events that come
//! late and twice, versions, pauses.

use std::collections::BTreeSet;

use cvm_journey::durable::testing::{Crash, FaultyDisk};
use cvm_journey::durable::{Store, StoreError};
use cvm_journey::machine::Command;

use crate::draw::Dice;
use crate::replay::failing;
use crate::script::{number, options, world};
use crate::world::{DAY, hash};

fn simulate(seed: u64, steps: u64) -> (u64, u64, u64) {
    let script = failing(seed, steps);
    let dice = &mut Dice(hash("simulation", &[seed]));
    let mut disk = FaultyDisk::new();
    let (mut crashes, mut jumps, mut told, mut last) = (0, 0, 0, None);
    let mut keys = BTreeSet::new();
    loop {
        let crash = Crash::ALL[usize::try_from(dice.below(6)).expect("small")];
        disk.crash_at(disk.points() + dice.below(60), crash, dice.below(u64::MAX));
        let done = Store::open(disk.clone(), options()).and_then(|mut store| {
            assert!(store.end().0 >= told, "seed {seed}: commands were lost");
            if let Some((end, hash)) = last.take()
                && store.end() == end
            {
                assert_eq!(store.machine().hash(), hash, "seed {seed}: after a crash it is another state");
            }
            // What was handed out is on the disk, though the crash came before anybody heard of it.
            let machine = store.machine();
            keys.extend(machine.leased().iter().filter_map(|leased| machine.idempotency_key(leased.handle)));
            let now = store.machine().now();
            if dice.one_in(4) && now != i64::MIN {
                // A clock that is weeks ahead is not believed, and nothing has changed.
                let before = store.machine().hash();
                let refused = store.tell(now + 8 * DAY, &Command::Tick, &mut world(&Command::Tick));
                assert!(matches!(refused, Err(StoreError::Jump { .. })));
                assert_eq!(store.machine().hash(), before);
                jumps += 1;
            }
            let result = script.go_on(&mut store, |step, _, machine| {
                told = step + 1;
                keys.extend(machine.leased().iter().filter_map(|leased| machine.idempotency_key(leased.handle)));
            });
            last = Some((store.end(), store.machine().hash())).filter(|(end, _)| end.0 == told);
            result?;
            Ok(store)
        });
        match done {
            Ok(store) if store.end().0 >= steps => break,
            Ok(_) => {}
            Err(error) => {
                assert!(disk.crashed(), "seed {seed}: {error}");
                crashes += 1;
                disk = disk.after();
            }
        }
    }
    let sent = script.provider.taken();
    for message in &sent {
        assert_eq!(script.provider.effects(&message.key), 1);
        assert!(keys.contains(&message.key), "seed {seed}: sent and not handed out");
    }
    (crashes, jumps, sent.len() as u64)
}

#[test]
fn whatever_goes_wrong_nothing_is_lost_and_nothing_done_twice() {
    let (runs, first) = (number("DURABLE_RUNS", 6), number("DURABLE_SEED", 1));
    let (mut crashes, mut jumps, mut sent) = (0, 0, 0);
    for seed in first..first + runs {
        let (more, ahead, given) = simulate(seed, 120);
        crashes += more;
        jumps += ahead;
        sent += given;
    }
    eprintln!("{runs} runs from seed {first}: {crashes} crashes, {jumps} jumps refused, {sent} sends");
    assert!(crashes > 3 * runs && jumps > 0 && sent > runs);
}

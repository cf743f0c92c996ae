//! The way of one customer through the journey of `speed/journeys.rs`, as a program that keeps a row for each decides it.
//!
//! The same waits, branches and sends, with the same shares. A row has no room for what the machine does besides: caps of
//! messages, quiet hours, time zones, goals and rules that are looked at wherever a customer is, filters that turn while
//! somebody waits, messages that are handed out and answered. All of that would cost more rows, none fewer.

use crate::world::{DAY, HOUR, mix};

/// Where a row waits.
pub const IN: i32 = 0;
const PAUSE: i32 = 1;
const DATE: i32 = 2;
const WINDOW: i32 = 3;
const ASKED: i32 = 4;
const UNTIL: i32 = 5;
const REST: i32 = 6;
const CHILD: i32 = 7;
const LATER: i32 = 8;
pub const OUT: i32 = 9;
pub const NEVER: i64 = i64::MAX;

/// A row.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub customer: i64,
    pub node: i32,
    pub round: i32,
    pub wake: i64,
}

/// A message or call that is to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Send {
    pub customer: i64,
    pub node: i32,
    pub round: i32,
}

pub const MAIL: i32 = 10;
pub const SMS: i32 = 11;
pub const HOOK: i32 = 12;

/// One turn of a row: on until it waits again or is out. Counts each node that it comes to.
pub struct Turn<'o> {
    pub row: Row,
    pub now: i64,
    pub steps: u64,
    pub outbox: &'o mut Vec<Send>,
}

impl Turn<'_> {
    /// Whether something is so that is so for this share of customers.
    fn of(&self, percent: u64, what: u64) -> bool {
        mix((self.row.customer as u64) << 8 | what) % 100 < percent
    }

    /// Comes to a node where it waits.
    fn wait(&mut self, node: i32, wake: i64) {
        self.steps += 1;
        (self.row.node, self.row.wake) = (node, wake);
    }

    fn out(&mut self) {
        self.wait(OUT, NEVER);
    }

    /// Comes to a node that sends. Whoever did not agree gets nothing; a fiftieth can't be sent.
    fn send(&mut self, node: i32, agreed: u64) -> bool {
        self.steps += 1;
        if self.of(agreed, node as u64) {
            let Row { customer, round, .. } = self.row;
            self.outbox.push(Send { customer, node, round });
        }
        !mix(self.row.customer as u64 ^ self.now.cast_unsigned()).is_multiple_of(50)
    }

    pub fn go(&mut self) {
        match self.row.node {
            IN => self.begin(),
            PAUSE | DATE | WINDOW | REST => self.mail(),
            ASKED if self.of(20, 4) => {
                // The filter holds already: it goes on at once.
                self.steps += 1;
                self.way();
            }
            ASKED => self.wait(UNTIL, self.now + DAY),
            UNTIL => self.way(),
            CHILD => {
                self.steps += 1;
                self.wait(LATER, self.now + HOUR);
            }
            LATER => self.won(),
            _ => self.row.wake = NEVER,
        }
    }

    fn begin(&mut self) {
        if self.of(5, 20) {
            return (self.row.node, self.row.wake) = (OUT, NEVER);
        }
        // Entry, holdout, segment, split.
        self.steps += 2;
        if self.of(5, 21) {
            return self.out();
        }
        self.steps += 1;
        if !self.of(90, 1) {
            return self.out();
        }
        self.steps += 1;
        let arm = mix((self.row.customer as u64) << 8 | 22);
        match arm % 100 {
            0..50 => self.wait(PAUSE, self.now + DAY),
            50..80 => self.wait(DATE, self.now + ((arm >> 32) % 90) as i64 * DAY),
            _ => self.wait(WINDOW, self.now + 3 * HOUR),
        }
    }

    fn mail(&mut self) {
        if self.send(MAIL, 90) {
            return self.wait(ASKED, self.now + 2 * DAY);
        }
        if self.send(HOOK, 100) { self.slow() } else { self.out() }
    }

    fn way(&mut self) {
        self.steps += 1;
        if self.of(30, 5) {
            self.slow();
        } else if self.of(30, 6) {
            // Into the other journey: its entry and its branch.
            self.steps += 3;
            if self.of(50, 30) {
                return self.wait(CHILD, self.now + 2 * HOUR);
            }
            self.steps += 1;
            self.wait(LATER, self.now + HOUR);
        } else if self.row.round < 2 {
            self.row.round += 1;
            self.steps += 1;
            self.wait(REST, self.now + 6 * HOUR);
        } else {
            self.steps += 1;
            self.out();
        }
    }

    /// The throttle lets more pass than there are.
    fn slow(&mut self) {
        self.steps += 1;
        self.send(SMS, 80);
        self.won();
    }

    fn won(&mut self) {
        self.steps += 1;
        self.out();
    }
}

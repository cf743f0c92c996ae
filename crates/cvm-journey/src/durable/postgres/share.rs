//! Who is in which partition, and what partitions have of what all customers have together.

use cvm_core::Decimal;
use md5::{Digest, Md5};

use crate::model::{Benefit, Journey, NodeKind, Offer, VoucherCode};

/// The partition of a customer, by the key: the first 32 bits of its MD5, big-endian, modulo the partitions. So it can be
/// told in every language, and in the database: `(('x' || left(md5(key), 8))::bit(32)::bigint % partitions)`.
///
/// ```
/// use cvm_journey::durable::postgres::partition_of;
/// assert_eq!(partition_of("customer 42", 16), 15);
/// ```
#[must_use]
pub fn partition_of(key: &str, of: u32) -> u32 {
    let digest = Md5::digest(key.as_bytes());
    let number = digest.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    number.checked_rem(of).unwrap_or(0)
}

/// What a partition has of what all customers have together. Partitions don't know of each other: each has its part of a
/// throttle, of a budget, of the codes of an offer, of the customers who may enter. The parts together are the whole, and
/// what is left over in one is not used in another.
///
/// ```
/// use cvm_journey::durable::postgres::Share;
/// let parts: Vec<u64> = (0..3).map(|partition| Share { partition, of: 3 }.part(100)).collect();
/// assert_eq!(parts, [33, 33, 34]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The partition, from 0 on.
    pub partition: u32,
    /// How many there are.
    pub of: u32,
}

impl Share {
    /// The part of a number.
    #[must_use]
    pub fn part(self, whole: u64) -> u64 {
        u64::try_from(self.end(whole.into()) - self.begin(whole.into())).unwrap_or(0)
    }

    fn begin(self, whole: i128) -> i128 {
        whole.saturating_mul(self.partition.into()).div_euclid(i128::from(self.of.max(1)))
    }

    fn end(self, whole: i128) -> i128 {
        Self { partition: self.partition + 1, ..self }.begin(whole)
    }

    /// The journey as the partition runs it.
    ///
    /// # Errors
    /// A throttle that lets fewer pass than there are partitions: in some, customers would wait for ever.
    pub fn journey(self, journey: &Journey) -> Result<Journey, String> {
        let mut own = journey.clone();
        for node in &mut own.nodes {
            if let NodeKind::Throttle(throttle) = &mut node.kind {
                if throttle.limit < u64::from(self.of) {
                    return Err(format!(
                        "`{}` lets {} pass at a time, fewer than there are partitions ({}), and nobody would pass in some of them: let more pass in a longer time",
                        node.id, throttle.limit, self.of
                    ));
                }
                throttle.limit = self.part(throttle.limit);
            }
        }
        own.settings.audience_cap = own.settings.audience_cap.map(|most| self.part(most));
        own.settings.budget = match own.settings.budget.map(|budget| self.money(budget)) {
            Some(None) => return Err("the budget has too many digits to be shared out".to_owned()),
            part => part.flatten(),
        };
        Ok(own)
    }

    /// Money is shared out in millionths of its unit.
    fn money(self, whole: Decimal) -> Option<Decimal> {
        let digits = whole.rescale(6).or_else(|| whole.normalized().rescale(6))?.digits();
        Decimal::new(self.end(digits) - self.begin(digits), 6).map(Decimal::normalized)
    }

    /// The offers as the partition has them: of pools of codes its own part.
    #[must_use]
    pub fn offers(self, offers: &[Offer]) -> Vec<Offer> {
        let mut own = offers.to_vec();
        for offer in &mut own {
            if let Benefit::Voucher { code: VoucherCode::Pool { codes } } = &mut offer.benefit {
                let many = i128::try_from(codes.len()).unwrap_or(i128::MAX);
                let place = |at: i128| usize::try_from(at).unwrap_or(usize::MAX);
                *codes = codes.get(place(self.begin(many))..place(self.end(many))).unwrap_or_default().to_vec();
            }
        }
        own
    }
}

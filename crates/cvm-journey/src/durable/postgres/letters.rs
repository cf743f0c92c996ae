//! What is left for a partition by anybody.

use std::sync::PoisonError;

use super::super::error::StoreError;
use super::database::Database;
use super::partition::Partition;

/// What somebody left for a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its number: letters are read in their order.
    pub number: i64,
    /// What it says, in words that the crew of the partition reads ([`Crew`](super::Crew)).
    pub content: Vec<u8>,
}

impl Database {
    /// Leaves letters for partitions, all of them or none. They are kept when it returns.
    ///
    /// # Errors
    /// What the database says. Nobody knows then whether they were kept: events that have ids may be told again.
    pub fn post(&self, letters: &[(u32, Vec<u8>)]) -> Result<(), StoreError> {
        let partitions: Vec<i32> = letters.iter().map(|(to, _)| i32::try_from(*to).unwrap_or(i32::MAX)).collect();
        let contents: Vec<&[u8]> = letters.iter().map(|(_, content)| content.as_slice()).collect();
        self.connection.with("keep letters", |open| {
            open.execute(
                "INSERT INTO letters (partition, content)
                 SELECT to_partition, content FROM unnest($1::int[], $2::bytea[]) WITH ORDINALITY AS t (to_partition, content, nth) ORDER BY nth",
                &[&partitions, &contents],
            )
            .map(drop)
        })
    }
}

impl Partition {
    /// The next letters, at most so many. They stay until what they say is told ([`Partition::read`]).
    ///
    /// # Errors
    /// What the database says.
    pub fn letters(&self, limit: u32) -> Result<Vec<Letter>, StoreError> {
        let rows = self.database.connection.with("read letters", |open| {
            open.rows(
                "SELECT letter, content FROM letters WHERE partition = $1 ORDER BY letter LIMIT $2",
                &[&self.number, &i64::from(limit)],
            )
        })?;
        Ok(rows.iter().map(|row| Letter { number: row.get(0), content: row.get(1) }).collect())
    }

    /// What these letters say is told to the store next: with its commit they go.
    pub fn read(&self, letters: &[Letter]) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.extend(letters.iter().map(|letter| letter.number));
    }

    /// A letter that can't be read goes to the table `unread_letters`, with the reason, and holds up no others.
    ///
    /// # Errors
    /// What the database says; [`StoreError::Fenced`] where the partition belongs to another worker now.
    pub fn set_aside(&self, letter: &Letter, why: &str) -> Result<(), StoreError> {
        let moved = self.database.connection.with("set a letter aside", |open| {
            open.execute(
                "WITH gone AS (DELETE FROM letters WHERE partition = $1 AND letter = $3
                     AND EXISTS (SELECT FROM partitions WHERE partition = $1 AND fence = $2) RETURNING *)
                 INSERT INTO unread_letters SELECT partition, letter, posted, content, $4 FROM gone",
                &[&self.number, &self.fence, &letter.number, &why],
            )
        })?;
        if moved == 1 { Ok(()) } else { Err(self.fenced()) }
    }
}

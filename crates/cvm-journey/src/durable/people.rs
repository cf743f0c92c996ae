//! Who is where, as a file that other tools open.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, RecordBatch, StringArray, StringBuilder, StringDictionaryBuilder, TimestampMicrosecondBuilder,
    UInt8Builder, UInt16Builder, UInt32Builder,
};
use arrow::datatypes::{UInt8Type, UInt16Type};
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;

use super::disk::Disk;
use super::error::StoreError;
use crate::machine::{Machine, Person};

/// So many customers are in a batch.
const BATCH: usize = 65_536;

/// Writes to a file of a disk, some bytes at once.
struct Out<'d, D> {
    disk: &'d D,
    name: &'d str,
    waiting: Vec<u8>,
}

impl<D: Disk> Write for Out<'_, D> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend(bytes);
        if self.waiting.len() >= 1 << 20 {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.disk.append(self.name, &std::mem::take(&mut self.waiting))
    }
}

/// Writes who is in a journey into a file, in Arrow's IPC format.
pub(super) fn write<D: Disk>(disk: &D, name: &str, machine: &Machine, journey: &str) -> Result<(), StoreError> {
    let wrong = |error| StoreError::disk("written", name, error);
    disk.create(name).map_err(wrong)?;
    let mut out = Out { disk, name, waiting: Vec::new() };
    batches(&mut out, machine, journey).map_err(|error| {
        wrong(match error {
            ArrowError::IoError(_, error) => error,
            other => io::Error::other(other),
        })
    })?;
    out.flush().map_err(wrong)?;
    disk.sync(name).map_err(wrong)?;
    disk.close(name);
    Ok(())
}

fn batches<D: Disk>(out: &mut Out<'_, D>, machine: &Machine, journey: &str) -> Result<(), ArrowError> {
    let mut people = machine.people(journey);
    let mut first = true;
    // Texts that come again and again stand once, the same in all batches: so the format wants it.
    let nodes: Vec<&str> = (0..u16::MAX).map_while(|node| machine.node_name(journey, node)).collect();
    let nodes = StringArray::from(nodes);
    let phases = StringArray::from(Person::PHASES.to_vec());
    let batch = |people: &[Person<'_>]| batch(people, &nodes, &phases);
    let empty = batch(&[])?;
    let mut writer = FileWriter::try_new(out, &empty.schema())?;
    loop {
        let some: Vec<Person<'_>> = people.by_ref().take(BATCH).collect();
        if some.is_empty() && !first {
            return writer.finish();
        }
        first = false;
        writer.write(&batch(&some)?)?;
    }
}

fn batch(people: &[Person<'_>], nodes: &StringArray, phases: &StringArray) -> Result<RecordBatch, ArrowError> {
    let mut participant = UInt32Builder::with_capacity(people.len());
    let mut customer = UInt32Builder::with_capacity(people.len());
    let mut key = StringBuilder::new();
    let mut node = StringDictionaryBuilder::<UInt16Type>::new_with_dictionary(people.len(), nodes)?;
    let mut version = UInt32Builder::with_capacity(people.len());
    let mut entry = UInt16Builder::with_capacity(people.len());
    let mut round = UInt16Builder::with_capacity(people.len());
    let mut phase = StringDictionaryBuilder::<UInt8Type>::new_with_dictionary(people.len(), phases)?;
    let mut mark = UInt8Builder::with_capacity(people.len());
    let mut wake = TimestampMicrosecondBuilder::with_capacity(people.len()).with_timezone("UTC");
    for one in people {
        participant.append_value(one.participant);
        customer.append_value(one.customer);
        key.append_value(&one.key);
        node.append_value(one.node);
        version.append_value(one.version);
        entry.append_value(one.entry);
        round.append_value(one.round);
        phase.append_value(one.phase);
        mark.append_value(one.mark);
        wake.append_option(one.wake);
    }
    let columns: [(&str, ArrayRef, bool); 10] = [
        ("participant", Arc::new(participant.finish()), false),
        ("customer", Arc::new(customer.finish()), false),
        ("key", Arc::new(key.finish()), false),
        ("node", Arc::new(node.finish()), false),
        ("version", Arc::new(version.finish()), false),
        ("entry", Arc::new(entry.finish()), false),
        ("round", Arc::new(round.finish()), false),
        ("phase", Arc::new(phase.finish()), false),
        ("mark", Arc::new(mark.finish()), false),
        ("wake", Arc::new(wake.finish()), true),
    ];
    RecordBatch::try_from_iter_with_nullable(columns)
}

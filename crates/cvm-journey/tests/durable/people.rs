//! The file beside a snapshot that says who is where.

use std::io::Cursor;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type};
use arrow::ipc::reader::FileReader;
use cvm_journey::durable::{Disk, Store};
use cvm_journey::machine::Person;

use crate::replay::{failing, live};
use crate::script::options;

fn row(batch: &RecordBatch, at: usize) -> String {
    let column = |name: &str| batch.column_by_name(name).expect("a column");
    let number = |name: &str| column(name).as_primitive::<UInt32Type>().value(at);
    let small = |name: &str| column(name).as_primitive::<UInt16Type>().value(at);
    let text = |name: &str| column(name).as_string::<i32>().value(at).to_owned();
    let named = |name: &str| {
        let texts = cast(column(name), &DataType::Utf8).expect("texts");
        texts.as_string::<i32>().value(at).to_owned()
    };
    let wake = column("wake").as_primitive::<TimestampMicrosecondType>();
    let person = Person {
        participant: number("participant"),
        customer: number("customer"),
        key: text("key"),
        node: &named("node"),
        version: number("version"),
        entry: small("entry"),
        round: small("round"),
        phase: "",
        mark: column("mark").as_primitive::<UInt8Type>().value(at),
        wake: wake.is_valid(at).then(|| wake.value(at)),
    };
    format!("{person:?} {}", named("phase"))
}

#[test]
fn other_tools_read_who_is_where() {
    let mut rows = 0;
    for seed in 1..4 {
        let (disk, _) = live(&failing(seed, 50), options());
        let mut store = Store::open(disk.clone(), options()).expect("a store");
        store.snapshot().expect("a disk");
        let machine = store.machine();
        for (number, journey) in machine.journeys().enumerate() {
            let bytes = disk.read(&format!("people-{:020}-{number}.arrow", 50)).expect("a file");
            let reader = FileReader::try_new(Cursor::new(bytes), None).expect("an Arrow file");
            assert_eq!(
                reader.schema().field_with_name("wake").expect("a column").data_type().to_string(),
                "Timestamp(µs, \"UTC\")"
            );
            let batches: Vec<_> = reader.map(|batch| batch.expect("a batch")).collect();
            let read = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(|at| row(batch, at)));
            let held: Vec<_> = machine
                .people(journey)
                .map(|one| format!("{:?} {}", Person { phase: "", ..one.clone() }, one.phase))
                .collect();
            rows += held.len();
            assert!(read.eq(held), "seed {seed}, journey `{journey}`");
        }
    }
    assert!(rows > 10, "{rows} rows");
}

//! Edits undone and made again: the journey is the same to the letter.

use cvm_journey::edit::{Command, Editor};
use cvm_journey::model::{Duration, Jump};
use cvm_journey::model::{
    Edge, Empty, End, Entry, Goal, Journey, Node, NodeKind, Point, Reentry, Settings, Trigger, Wait,
};
use proptest::prelude::*;

fn empty() -> Journey {
    Journey {
        id: "a".into(),
        version: 1,
        name: "A".into(),
        entry: Entry { trigger: Trigger::Api, reentry: Reentry::Never },
        settings: Settings::default(),
        nodes: Vec::new(),
        edges: Vec::new(),
        layout: [("ghost".to_owned(), Point { x: 1.0, y: 2.0 })].into(),
    }
}

fn id() -> impl Strategy<Value = String> {
    prop_oneof![Just("a"), Just("b"), Just("c"), Just("d"), Just("ghost")].prop_map(str::to_owned)
}

fn kind() -> impl Strategy<Value = NodeKind> {
    prop_oneof![
        Just(NodeKind::Entry(Empty {})),
        Just(NodeKind::End(End::default())),
        (1..9_u32).prop_map(|n| NodeKind::Wait(Wait::Duration { duration: Duration::days(n) })),
        (1..9_u32).prop_map(|times| NodeKind::Jump(Jump { times })),
        "[a-z]{1,3}".prop_map(|name| NodeKind::Goal(Goal { name })),
    ]
}

fn point() -> impl Strategy<Value = Option<Point>> {
    proptest::option::of((0..9_i16, 0..9_i16).prop_map(|(x, y)| Point { x: x.into(), y: y.into() }))
}

fn command() -> impl Strategy<Value = Command> {
    let index = || proptest::option::of(0..5_usize);
    let one = prop_oneof![
        4 => (id(), kind(), point(), index())
            .prop_map(|(id, kind, at, index)| Command::AddNode { node: Node { id, kind }, at, index }),
        2 => id().prop_map(|id| Command::RemoveNode { id }),
        1 => (0..5_usize, id()).prop_map(|(index, id)| Command::RenameNode { index, id }),
        1 => (0..5_usize, id()).prop_map(|(index, id)| Command::RestoreId { index, id }),
        2 => (id(), kind()).prop_map(|(id, kind)| Command::set(&id, kind)),
        2 => (id(), point()).prop_map(|(id, to)| Command::MoveNode { id, to }),
        4 => (id(), id(), id(), index()).prop_map(|(id, source, target, index)| Command::Connect {
            edge: Edge { id, source, source_handle: "next".into(), target },
            index,
        }),
        2 => id().prop_map(|id| Command::Disconnect { id }),
        1 => (id(), id(), id(), 0..5_usize).prop_map(|(id, source, target, index)| Command::RestoreEdge {
            edge: Edge { id, source, source_handle: "next".into(), target },
            index,
        }),
        1 => (0..5_usize).prop_map(|index| Command::RemoveEdge { index }),
        1 => "[A-Z]{1,2}".prop_map(|name| Command::SetName { name }),
    ];
    one.prop_recursive(2, 8, 4, |inner| {
        proptest::collection::vec(inner, 1..4).prop_map(|commands| Command::All { commands })
    })
}

/// Every edit of a journey whose edges hang in the air and have each other's ids is undone to the letter.
#[test]
fn what_was_wrong_comes_back_too() {
    let edge = |id: &str, source: &str, target: &str| Edge {
        id: id.into(),
        source: source.into(),
        source_handle: "next".into(),
        target: target.into(),
    };
    let mut journey = empty();
    journey.nodes = ["a", "b"].map(|id| Node { id: id.into(), kind: NodeKind::End(End::default()) }).into();
    journey.edges =
        vec![edge("1", "a", "b"), edge("2", "a", "nowhere"), edge("1", "nowhere", "b"), edge("1", "b", "a")];
    let away = |id: &str| Command::Disconnect { id: id.into() };
    let node = Node { id: "nowhere".into(), kind: NodeKind::End(End::default()) };
    let edits = [
        away("1"),
        away("2"),
        Command::RemoveNode { id: "a".into() },
        Command::RemoveNode { id: "b".into() },
        Command::AddNode { node, at: None, index: None },
        Command::All { commands: vec![away("1"), away("1"), away("2"), away("1")] },
    ];
    for edit in edits {
        let mut edited = journey.clone();
        let undo = edit.clone().apply(&mut edited).expect("it can be made");
        let after = edited.clone();
        let redo = undo.apply(&mut edited).unwrap_or_else(|refused| panic!("{edit:?}: {refused}"));
        assert_eq!(edited, journey, "{edit:?}");
        redo.apply(&mut edited).unwrap_or_else(|refused| panic!("{edit:?}: {refused}"));
        assert_eq!(edited, after, "{edit:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn undone_and_made_again(commands in proptest::collection::vec(command(), 1..20)) {
        let mut editor = Editor::new(empty());
        let mut states = vec![editor.journey().clone()];
        for command in commands {
            let before = editor.journey().clone();
            match editor.apply(command) {
                Ok(()) => states.push(editor.journey().clone()),
                // What is refused changes nothing.
                Err(_) => prop_assert_eq!(editor.journey(), &before),
            }
        }
        // The log makes the same journey again, also from its JSON.
        let log = serde_json::to_string(&editor.log().collect::<Vec<_>>()).expect("a text");
        let mut replayed = empty();
        for command in serde_json::from_str::<Vec<Command>>(&log).expect("commands") {
            command.apply(&mut replayed).expect("it was made before");
        }
        prop_assert_eq!(&replayed, editor.journey());
        for state in states.iter().rev().skip(1) {
            editor.undo().expect("something to undo");
            prop_assert_eq!(editor.journey(), state);
        }
        prop_assert!(editor.undo().is_err());
        for state in states.iter().skip(1) {
            editor.redo().expect("something to make again");
            prop_assert_eq!(editor.journey(), state);
        }
        prop_assert!(editor.redo().is_err());
    }
}

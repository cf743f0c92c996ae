//! The truth table of a small group, and the search for the shortest formula that has it.

use smallvec::SmallVec;

use super::domain::{Cuts, Pos, Set};
use super::subject::{Leaf, Lit, Node, Origin};
use super::world::World;

/// One bit for each combination of cells.
type Mask = u128;

const COMBINATIONS: u32 = 128;

/// Cells of one subject: more make too many conditions to try.
const CELLS: usize = 6;

/// Conditions that one search may try: about a millisecond.
const FUEL: usize = 100_000;

/// A subject, with what can be told apart of its values.
struct Variable {
    subject: usize,
    can_miss: bool,
    /// Ascending; between two of them lies a cell.
    cuts: Cuts,
    /// How many combinations lie between neighbouring cells.
    stride: u32,
    /// The combinations of each cell; the last one is that of missing values, if there can be any.
    cells: SmallVec<[Mask; CELLS]>,
}

/// The truth table of a group, and the conditions that could be used instead of its own.
pub(super) struct Table<'a> {
    variables: Vec<Variable>,
    target: Mask,
    care: Mask,
    leaves: Vec<(Mask, Lit<'a>)>,
}

/// A formula over the leaves of a table.
#[derive(Clone)]
pub(super) enum Formula {
    Leaf(usize),
    Two { all: bool, parts: Box<[Formula; 2]> },
}

impl<'a> Table<'a> {
    /// The table of a node; `None` where it would be large.
    pub(super) fn new(world: &World<'a>, node: &Node<'a>) -> Option<Self> {
        let mut lits = Vec::new();
        literals(node, &mut lits);
        let mut variables = variables(world, &lits)?;
        let mut stride = 1;
        for variable in &mut variables {
            let size = variable.size();
            variable.stride = stride;
            stride = stride.checked_mul(u32::try_from(size).ok()?).filter(|n| *n <= COMBINATIONS)?;
        }
        for variable in &mut variables {
            let size = variable.size();
            let mut cells: SmallVec<[Mask; CELLS]> = smallvec::smallvec![0; size];
            for at in 0..stride {
                let cell = usize::try_from(at / variable.stride).ok()? % size;
                *cells.get_mut(cell)? |= 1 << at;
            }
            variable.cells = cells;
        }
        let care = if stride == COMBINATIONS { Mask::MAX } else { (1 << stride) - 1 };
        let mut table = Self { variables, target: 0, care, leaves: Vec::new() };
        table.target = table.mask(node)?;
        for at in 0..table.variables.len() {
            table.propose(world, at, &lits);
        }
        Some(table)
    }

    pub(super) fn lit(&self, at: usize) -> Option<&Lit<'a>> {
        self.leaves.get(at).map(|(_, lit)| lit)
    }

    /// The verdict, where it is the same for all.
    pub(super) fn constant(&self) -> Option<bool> {
        let target = self.target & self.care;
        (target == 0 || target == self.care).then_some(target != 0)
    }

    /// How many subjects the verdict depends on, where all that counts is `care`: each needs a condition.
    fn needed(&self, care: Mask) -> usize {
        self.variables.iter().filter(|variable| variable.matters(self.target, care)).count()
    }

    fn mask(&self, node: &Node<'a>) -> Option<Mask> {
        Some(match node {
            Node::Const(all) => {
                if *all {
                    self.care
                } else {
                    0
                }
            }
            Node::Lit(lit) => self.variables.iter().find(|v| v.subject == lit.subject)?.mask(lit),
            Node::Group { all: true, children } => {
                children.iter().try_fold(self.care, |mask, child| Some(mask & self.mask(child)?))?
            }
            Node::Group { children, .. } => {
                children.iter().try_fold(0, |mask, child| Some(mask | self.mask(child)?))?
            }
            Node::AtLeast { n, children } => {
                let masks: Vec<Mask> = children.iter().map(|child| self.mask(child)).collect::<Option<_>>()?;
                let count = |at: u32| masks.iter().filter(|mask| *mask >> at & 1 == 1).count();
                (0..COMBINATIONS).filter(|at| self.care >> at & 1 == 1 && count(*at) >= *n).fold(0, |m, at| m | 1 << at)
            }
        })
    }

    /// All conditions on a subject that change their mind where the group's own do, and that one leaf can say.
    fn propose(&mut self, world: &World<'a>, at: usize, lits: &[&Lit<'a>]) {
        let Some(variable) = self.variables.get(at) else { return };
        let own = || lits.iter().filter(|lit| lit.subject == variable.subject);
        let listed = own().map(|lit| lit.listed).sum();
        let cells = variable.cuts.len() + 1;
        let mut found = Vec::new();
        for bits in 0_u32..1 << cells {
            let set = variable.set(bits);
            for missing in [false, true] {
                if missing && !variable.can_miss {
                    continue;
                }
                let lit = Lit::new(Leaf {
                    subject: variable.subject,
                    missing,
                    set: set.clone(),
                    origin: Origin::None,
                    listed,
                });
                let mask = variable.mask(&lit);
                if mask == 0 || mask == self.care {
                    continue;
                }
                // What the group says itself is said as it was.
                match own().find(|known| known.same(&lit)) {
                    Some(known) => found.push((mask, (*known).clone())),
                    None if world.sayable(&lit) => found.push((mask, lit)),
                    None => {}
                }
            }
        }
        self.leaves.append(&mut found);
    }
}

/// The literals of a node.
fn literals<'n, 'a>(node: &'n Node<'a>, out: &mut Vec<&'n Lit<'a>>) {
    match node {
        Node::Const(_) => {}
        Node::Lit(lit) => out.push(lit),
        Node::Group { children, .. } | Node::AtLeast { children, .. } => {
            children.iter().for_each(|child| literals(child, out));
        }
    }
}

/// The subjects of literals with the places where their conditions change; `None` where there are too many.
fn variables<'a>(world: &World<'a>, lits: &[&Lit<'a>]) -> Option<Vec<Variable>> {
    let mut found: Vec<Variable> = Vec::new();
    for lit in lits {
        let at = found.iter().position(|variable| variable.subject == lit.subject).unwrap_or_else(|| {
            let can_miss = world.can_miss(lit.subject);
            let (cuts, cells) = (Cuts::new(), SmallVec::new());
            found.push(Variable { subject: lit.subject, can_miss, cuts, stride: 1, cells });
            found.len() - 1
        });
        found.get_mut(at)?.cuts.extend(lit.set.cuts.iter().cloned());
    }
    for variable in &mut found {
        variable.cuts.sort_unstable();
        variable.cuts.dedup();
        if variable.size() > CELLS {
            return None;
        }
    }
    Some(found)
}

impl Variable {
    /// The number of cells.
    fn size(&self) -> usize {
        self.cuts.len() + 1 + usize::from(self.can_miss)
    }

    /// The set of these cells.
    fn set(&self, bits: u32) -> Set {
        let inside = |cell: usize| bits >> cell & 1 == 1;
        let changes = |(i, _): &(usize, &Pos)| inside(*i) != inside(i + 1);
        Set {
            first: inside(0),
            cuts: self.cuts.iter().enumerate().filter(changes).map(|(_, cut)| cut.clone()).collect(),
        }
    }

    /// The combinations for which a literal of this subject holds.
    fn mask(&self, lit: &Lit<'_>) -> Mask {
        let starts = std::iter::once(None).chain(self.cuts.iter().map(Some));
        let there = starts.zip(&self.cells).filter(|(start, _)| match start {
            None => lit.set.first,
            Some(place) => lit.set.holds(place),
        });
        let mask = there.fold(0, |mask, (_, cell)| mask | cell);
        let missing = if self.can_miss && lit.missing { self.cells.last().copied().unwrap_or(0) } else { 0 };
        mask | missing
    }

    /// Whether two combinations that differ in this subject only are judged differently.
    fn matters(&self, target: Mask, care: Mask) -> bool {
        (1_u32..).zip(self.cells.iter().skip(1)).any(|(far, _)| {
            let shift = far * self.stride;
            self.cells
                .iter()
                .take(self.cells.len().saturating_sub(far as usize))
                .any(|cell| (target ^ target >> shift) & care & care >> shift & cell != 0)
        })
    }
}

/// A formula of fewer than `leaves` leaves with this table, the shortest there is; `None` where there is none, or it was
/// not found with so many `tries`, which are used up.
pub(super) fn shortest(table: &Table<'_>, leaves: usize, tries: &mut usize) -> Option<Formula> {
    let fuel = FUEL.min(*tries);
    let mut search = Search { table, fuel };
    let found = (table.needed(table.care).max(1)..leaves).find_map(|size| search.solve(table.care, size));
    *tries -= fuel - search.fuel;
    found
}

struct Search<'t, 'a> {
    table: &'t Table<'a>,
    fuel: usize,
}

impl Search<'_, '_> {
    /// A formula that agrees with the table wherever `care` says. One side of it is a leaf, or from four leaves on two of
    /// them; what that side settles need not be cared for on the other.
    fn solve(&mut self, care: Mask, size: usize) -> Option<Formula> {
        let target = self.table.target & care;
        let leaves = &self.table.leaves;
        self.spend(leaves.len())?;
        if let Some(at) = leaves.iter().position(|(mask, _)| mask & care == target) {
            return Some(Formula::Leaf(at));
        }
        if size < 2 || self.table.needed(care) > size {
            return None;
        }
        for (at, (mask, _)) in leaves.iter().enumerate() {
            if let Some(found) = self.beside(*mask, care, size - 1, || Formula::Leaf(at)) {
                return Some(found);
            }
        }
        if size < 4 {
            return None;
        }
        for (i, (a, _)) in leaves.iter().enumerate() {
            self.spend(leaves.len())?;
            for (j, (b, _)) in leaves.iter().enumerate().skip(i + 1) {
                for (all, mask) in [(true, a & b), (false, a | b)] {
                    let pair = || Formula::Two { all, parts: Box::new([Formula::Leaf(i), Formula::Leaf(j)]) };
                    if let Some(found) = self.beside(mask, care, size - 2, pair) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    fn spend(&mut self, tries: usize) -> Option<()> {
        self.fuel = self.fuel.checked_sub(tries)?;
        Some(())
    }

    /// A formula with this side, and at most `size` leaves on the other.
    fn beside(&mut self, side: Mask, care: Mask, size: usize, formula: impl Fn() -> Formula) -> Option<Formula> {
        let (yes, no) = (self.table.target & care, !self.table.target & care);
        let two = |all: bool, other: Formula| Formula::Two { all, parts: Box::new([formula(), other]) };
        // In an `and` it must leave in all that holds, and leave out something.
        if yes & !side == 0
            && no & !side != 0
            && let Some(other) = self.solve(care & side, size)
        {
            return Some(two(true, other));
        }
        if no & side == 0
            && yes & side != 0
            && let Some(other) = self.solve(care & !side, size)
        {
            return Some(two(false, other));
        }
        None
    }
}

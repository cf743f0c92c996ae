//! Walking a filter: its direct children with their places, its leaves, its size.

use super::{Filter, RankBy};

impl Filter {
    /// The filters directly below this one that decide about customers (not the `where` of events), with the step of
    /// the JSON pointer that leads to each.
    #[must_use]
    pub fn children(&self) -> Vec<(String, &Filter)> {
        match self {
            Self::And { children } | Self::Or { children } | Self::AtLeast { children, .. } => {
                children.iter().enumerate().map(|(i, child)| (format!("/children/{i}"), child)).collect()
            }
            Self::Not { child } => vec![("/child".to_owned(), child)],
            _ => Vec::new(),
        }
    }

    /// Whether the node has no filters about customers below it.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        !matches!(self, Self::And { .. } | Self::Or { .. } | Self::AtLeast { .. } | Self::Not { .. })
    }

    /// The leaves, left to right; `everyone` and `nobody` are none.
    ///
    /// ```
    /// let filter: cvm_core::Filter = "a = 1 and not (b = 2 or everyone)".parse()?;
    /// assert_eq!(filter.leaf_count(), 2);
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn leaf_count(&self) -> usize {
        match self {
            Self::Everyone | Self::Nobody => 0,
            Self::And { children } | Self::Or { children } | Self::AtLeast { children, .. } => {
                children.iter().map(Self::leaf_count).sum()
            }
            Self::Not { child } => child.leaf_count(),
            _ => 1,
        }
    }

    /// How many leaves and nodes there are, as [`leaf_count`](Self::leaf_count) and [`node_count`](Self::node_count)
    /// say, in one walk.
    pub(crate) fn size(&self) -> (usize, usize) {
        match self {
            Self::And { children } | Self::Or { children } | Self::AtLeast { children, .. } => {
                children.iter().map(Self::size).fold((0, 1), |(leaves, nodes), (l, n)| (leaves + l, nodes + n))
            }
            Self::Not { child } => {
                let (leaves, nodes) = child.size();
                (leaves, nodes + 1)
            }
            Self::Condition(_) => (1, 1),
            other => (other.leaf_count(), other.node_count()),
        }
    }

    /// How many nodes there are, those inside `where` included.
    #[must_use]
    pub fn node_count(&self) -> usize {
        let inner = |filter: &Option<Box<Filter>>| filter.as_ref().map_or(0, |filter| filter.node_count());
        1 + match self {
            Self::And { children } | Self::Or { children } | Self::AtLeast { children, .. } => {
                children.iter().map(Self::node_count).sum()
            }
            Self::Not { child } => child.node_count(),
            Self::Event(event) => inner(&event.filter),
            Self::Sequence(sequence) => sequence
                .steps
                .iter()
                .map(|step| inner(&step.filter) + step.without.as_ref().map_or(0, |absence| inner(&absence.filter)))
                .sum(),
            Self::Regularly(node) => inner(&node.filter),
            Self::Stopped(node) => inner(&node.filter),
            Self::Restarted(node) => inner(&node.filter),
            Self::Related(node) => inner(&node.filter),
            Self::Rank(rank) => {
                let by = match &rank.by {
                    RankBy::Field { .. } => 0,
                    RankBy::Event { filter, .. } => inner(filter),
                };
                by + inner(&rank.among)
            }
            _ => 0,
        }
    }
}

impl Filter {
    /// Every node that decides about customers, parents before children, with its JSON pointer.
    ///
    /// ```
    /// let filter: cvm_core::Filter = "a = 1 and not b = 2".parse()?;
    /// let pointers: Vec<String> = filter.nodes().into_iter().map(|(pointer, _)| pointer).collect();
    /// assert_eq!(pointers, ["", "/children/0", "/children/1", "/children/1/child"]);
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn nodes(&self) -> Vec<(String, &Filter)> {
        let mut nodes = Vec::new();
        self.collect(String::new(), &mut nodes);
        nodes
    }

    fn collect<'f>(&'f self, pointer: String, nodes: &mut Vec<(String, &'f Filter)>) {
        let below = self.children().into_iter().map(|(step, child)| (format!("{pointer}{step}"), child));
        let mut below: Vec<(String, &Filter)> = below.collect();
        if let Self::Rank(rank) = self {
            below.extend(rank.among.as_deref().map(|among| (format!("{pointer}/among"), among)));
        }
        nodes.push((pointer, self));
        for (pointer, child) in below {
            child.collect(pointer, nodes);
        }
    }
}

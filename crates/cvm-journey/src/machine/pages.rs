//! Columns over numbered customers, in pages that are there once somebody on them is.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// How many numbers a page has; a power of two.
pub(super) const PAGE: usize = 1_024;
const SHIFT: u32 = PAGE.trailing_zeros();

/// The page of a number, and the place on it.
#[inline]
pub(super) const fn place(number: u32) -> (usize, usize) {
    ((number >> SHIFT) as usize, number as usize & (PAGE - 1))
}

/// The number at a place of a page.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "made of a number by `place`")]
pub(super) const fn number(page: usize, at: usize) -> u32 {
    (page * PAGE + at) as u32
}

/// A value for each number; the usual one where nothing was set.
#[derive(Debug, Clone)]
pub(super) struct Column<T> {
    pages: Vec<Option<Box<[T]>>>,
    usual: T,
}

impl<T: Copy + PartialEq + Default> Default for Column<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Copy + PartialEq> Column<T> {
    pub(super) const fn new(usual: T) -> Self {
        Self { pages: Vec::new(), usual }
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> T {
        let (page, at) = place(number);
        self.pages.get(page).and_then(|page| page.as_deref()?.get(at)).copied().unwrap_or(self.usual)
    }

    #[inline]
    pub(super) fn set(&mut self, number: u32, value: T) {
        let (page, at) = place(number);
        if value == self.usual && self.pages.get(page).is_none_or(Option::is_none) {
            return;
        }
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, || None);
        }
        let usual = self.usual;
        if let Some(page) = self.pages.get_mut(page) {
            let page = page.get_or_insert_with(|| vec![usual; PAGE].into_boxed_slice());
            if let Some(place) = page.get_mut(at) {
                *place = value;
            }
        }
    }

    /// How many pages there may be.
    pub(super) fn pages(&self) -> usize {
        self.pages.len()
    }

    /// A page, if somebody on it is not as usual.
    #[inline]
    pub(super) fn page(&self, page: usize) -> Option<&[T]> {
        self.pages.get(page)?.as_deref()
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        self.pages.iter().flatten().count() * PAGE * size_of::<T>()
    }
}

#[derive(Serialize)]
struct Told<'t, T> {
    usual: T,
    pages: Vec<Option<&'t [T]>>,
}

#[derive(Deserialize)]
struct Read<T> {
    usual: T,
    pages: Vec<Option<Vec<T>>>,
}

impl<T: Copy + PartialEq + Serialize> Serialize for Column<T> {
    /// Pages on which all is as usual are left out, so that equal columns give equal bytes.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let told = |page: &[T]| page.iter().any(|value| *value != self.usual);
        let mut pages: Vec<Option<&[T]>> =
            self.pages.iter().map(|page| page.as_deref().filter(|page| told(page))).collect();
        pages.truncate(pages.iter().rposition(Option::is_some).map_or(0, |last| last + 1));
        Told { usual: self.usual, pages }.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Column<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Read { usual, pages } = Read::deserialize(deserializer)?;
        if pages.iter().flatten().any(|page: &Vec<T>| page.len() != PAGE) {
            return Err(D::Error::custom("a page of another length"));
        }
        Ok(Self { pages: pages.into_iter().map(|page| page.map(Vec::into_boxed_slice)).collect(), usual })
    }
}

/// A bit for each number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Flags(Column<u64>);

impl Default for Flags {
    fn default() -> Self {
        Self(Column::new(0))
    }
}

impl Flags {
    #[inline]
    pub(super) fn has(&self, number: u32) -> bool {
        self.0.get(number >> 6) >> (number & 63) & 1 == 1
    }

    #[inline]
    pub(super) fn put(&mut self, number: u32, value: bool) {
        let (word, bit) = (self.0.get(number >> 6), 1 << (number & 63));
        self.0.set(number >> 6, if value { word | bit } else { word & !bit });
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.bytes()
    }
}

impl super::world::Before for Flags {
    fn has(&self, who: u32) -> bool {
        Self::has(self, who)
    }

    fn all(&self) -> Vec<u32> {
        let words = (0..self.0.pages()).flat_map(|page| {
            let words = self.0.page(page).unwrap_or(&[]).iter().enumerate();
            words.map(move |(at, word)| (number(page, at), *word))
        });
        let told = words.filter(|(_, word)| *word != 0);
        told.flat_map(|(at, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at << 6 | bit))
            .collect()
    }

    fn words(&self) -> Vec<u64> {
        let mut words = Vec::with_capacity(self.0.pages() * PAGE);
        for page in 0..self.0.pages() {
            match self.0.page(page) {
                Some(page) => words.extend_from_slice(page),
                None => words.resize(words.len() + PAGE, 0),
            }
        }
        words
    }
}

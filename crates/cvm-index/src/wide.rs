//! The widest instructions that the processor has.
//!
//! The crate is compiled for every processor of its kind. Loops over many words gain from instructions that only newer
//! ones have (AVX2 or AVX-512 and the counting of bits, on x86), so they are compiled once for each, and which one runs is
//! asked here. Only what is inlined into the work gains: whatever it calls is `#[inline(always)]`.

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
use fearless_simd::{Level, Simd};

/// Does the work with the widest instructions. Asking costs a nanosecond or two: give it whole stretches.
#[inline]
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        let level = Level::new();
        if let (Some(avx512), true) = (level.as_avx512(), allowed(AVX512)) {
            return avx512.vectorize(work);
        }
        if let (Some(avx2), true) = (level.as_avx2(), allowed(AVX2)) {
            return avx2.vectorize(work);
        }
    }
    work()
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
const AVX2: u8 = 1;
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
const AVX512: u8 = 2;

/// Whether tests let these instructions be used.
#[cfg(all(test, any(target_arch = "x86", target_arch = "x86_64")))]
fn allowed(level: u8) -> bool {
    level <= tests::MOST.load(std::sync::atomic::Ordering::Relaxed)
}

#[cfg(all(not(test), any(target_arch = "x86", target_arch = "x86_64")))]
const fn allowed(_: u8) -> bool {
    true
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    pub(crate) static MOST: AtomicU8 = AtomicU8::new(u8::MAX);

    /// Runs a test with instructions of every width: those that every processor has, and each kind of wider ones.
    pub(crate) fn all_widths(test: impl Fn()) {
        for most in [0, 1, u8::MAX] {
            MOST.store(most, Ordering::Relaxed);
            test();
        }
    }
}

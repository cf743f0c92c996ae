//! The widest instructions that the processor has.
//!
//! The crate is compiled for every processor of its kind. Loops over many words gain from instructions that only newer
//! ones have (AVX2 and the counting of bits, on x86), so they are compiled twice, and which one runs is asked here.
//! Only what is inlined into the work gains: whatever it calls is `#[inline(always)]`.

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
use fearless_simd::{Level, Simd};

/// Does the work with the widest instructions. Asking costs a nanosecond or two: give it whole stretches.
#[inline]
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    if let (Some(avx2), false) = (Level::new().as_avx2(), plain()) {
        return avx2.vectorize(work);
    }
    work()
}

/// Whether tests ask for the instructions that every processor has.
#[cfg(all(test, any(target_arch = "x86", target_arch = "x86_64")))]
fn plain() -> bool {
    tests::PLAIN.load(std::sync::atomic::Ordering::Relaxed)
}

#[cfg(all(not(test), any(target_arch = "x86", target_arch = "x86_64")))]
const fn plain() -> bool {
    false
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    pub(crate) static PLAIN: AtomicBool = AtomicBool::new(false);

    /// Runs a test with wide instructions and with those that every processor has.
    pub(crate) fn both(test: impl Fn()) {
        for plain in [false, true] {
            PLAIN.store(plain, Ordering::Relaxed);
            test();
        }
        PLAIN.store(false, Ordering::Relaxed);
    }
}

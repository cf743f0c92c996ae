//! What a sample says of all: an interval for the number of those who have something.
//!
//! Clopper and Pearson's interval ("The use of confidence or fiducial limits illustrated in the case of the binomial",
//! Biometrika 26, 1934) holds the true share in at least 95 of 100 samples whatever the share is. Drawing without putting
//! back varies less than the binomial, so it holds here too; nobody was counted who is not there, which cuts its ends.

/// Half of the share of samples that may miss.
const TAIL: f64 = 0.025;

/// Bounds for how many of `of` have what `found` of `sampled` have.
pub(crate) fn bounds(found: u64, sampled: u64, of: u64) -> (u64, u64) {
    let (least, most) = (found, of.saturating_sub(sampled.saturating_sub(found)));
    if sampled == 0 || sampled >= of {
        return (least.min(most), most);
    }
    #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 a customer more or less is not seen")]
    let (k, n, all) = (found as f64, sampled as f64, of as f64);
    // The share at which so many or more are as rare as the tail, and so many or fewer.
    let low = if found == 0 { 0.0 } else { share(TAIL, k, n - k + 1.0) };
    let high = if found == sampled { 1.0 } else { share(1.0 - TAIL, k + 1.0, n - k) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares of a number that fits")]
    let (low, high) = ((low * all).floor() as u64, (high * all).ceil() as u64);
    (low.clamp(least, most), high.clamp(least, most))
}

/// The quantile of the beta distribution, by halving.
fn share(quantile: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if beta(middle, a, b) < quantile { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The regularised incomplete beta function by its continued fraction (DLMF 8.17.22, <https://dlmf.nist.gov/8.17>), with
/// Lentz's way of working fractions out from the front.
fn beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // The fraction converges fast on this side of the mean, and the other side is its mirror.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta(1.0 - x, b, a);
    }
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / away(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for step in 1..10_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut last = 1.0;
        for term in [even, odd] {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            last = c * d;
            fraction *= last;
        }
        if (last - 1.0_f64).abs() < 1e-14 {
            break;
        }
    }
    let front = a * x.ln() + b * (-x).ln_1p() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
    (front.exp() * fraction / a).clamp(0.0, 1.0)
}

/// The logarithm of the gamma function: Stirling's series (DLMF 5.11.1) from 10 on, and its recurrence before.
fn ln_gamma(x: f64) -> f64 {
    if x < 10.0 {
        return ln_gamma(x + 1.0) - x.ln();
    }
    let y = 1.0 / (x * x);
    let series = (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1_260.0 - y / 1_680.0))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_bounds() {
        // Clopper and Pearson for 10 of 100 and 0 of 10: 0.0490 to 0.1762, and 0 to 0.3085, as in tables.
        assert_eq!(bounds(10, 100, 10_000), (490, 1_763));
        let nobody_of_ten = (1.0 - 0.025_f64.powf(0.1)) * 1e7;
        assert!((bounds(0, 10, 10_000_000).1 as f64 - nobody_of_ten).abs() <= 1.0);
        assert_eq!(bounds(5, 5, 5), (5, 5));
        assert_eq!(bounds(0, 0, 7), (0, 7));
        assert_eq!(bounds(3, 3, 10).1, 10);
    }

    #[test]
    fn gamma_and_beta_where_they_are_known() {
        assert!((ln_gamma(5.0) - 24_f64.ln()).abs() < 1e-10);
        assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-10);
        // I_x(1, b) = 1 − (1 − x)^b, I_x(2, 2) = 3x² − 2x³.
        assert!((beta(0.3, 1.0, 7.0) - (1.0 - 0.7_f64.powi(7))).abs() < 1e-12);
        assert!((beta(0.8, 2.0, 2.0) - (3.0 * 0.64 - 2.0 * 0.512)).abs() < 1e-12);
        assert!((beta(0.5, 1e6, 1e6) - 0.5).abs() < 1e-6);
    }
}

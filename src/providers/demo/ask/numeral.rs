//! Reads numbers that are written in digits.

/// A number as English writes it; `None` also for what other languages read differently (`1.234`).
pub(super) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (digits, factor) = match digits.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1000.0),
        None => (digits, 1.0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    let groups: Vec<&str> = whole.split(',').collect();
    let is_grouped = groups.iter().skip(1).all(|group| group.len() == 3)
        && (groups.len() == 1 || groups.first().is_some_and(|first| first.len() <= 3));
    let is_unclear = fraction.len() == 3 && groups.len() == 1 && whole.len() <= 3 && whole != "0";
    let has_end = !digits.ends_with('.') && (fraction.is_empty() || is_digits(fraction));
    if !is_grouped || is_unclear || !has_end || !groups.iter().all(|group| is_digits(group)) {
        return None;
    }
    let plain = format!("{}.{}", groups.concat(), if fraction.is_empty() { "0" } else { fraction });
    let value = plain.parse::<f64>().ok()? * factor;
    Some(if text.starts_with('-') { -value } else { value })
}

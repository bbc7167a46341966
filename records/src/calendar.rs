//! Dates without a time zone.

use std::time::{Duration, SystemTime};

use time::UtcDateTime;

/// Seconds since 1970, UTC; a clock before that counts as 1970.
pub(super) fn since_1970(now: SystemTime) -> Duration {
    now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// Date and time in UTC, such as `20261123-120000`, which sorts by time.
pub(super) fn stamp(now: SystemTime) -> String {
    // A clock beyond the year 9999 counts as 1970, too.
    let seconds = since_1970(now).as_secs().try_into().unwrap_or(0);
    let utc = UtcDateTime::from_unix_timestamp(seconds).unwrap_or(UtcDateTime::UNIX_EPOCH);
    let (year, month, day) = utc.to_calendar_date();
    let (hour, minute, second) = utc.as_hms();
    format!("{year:04}{:02}{day:02}-{hour:02}{minute:02}{second:02}", u8::from(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_dates() {
        let at = |seconds| stamp(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "19700101-000000");
        assert_eq!(at(951_782_399), "20000228-235959");
        assert_eq!(at(951_782_400), "20000229-000000");
        assert_eq!(at(1_795_435_200), "20261123-120000");
        assert_eq!(at(4_107_542_400), "21000301-000000");
        assert_eq!(stamp(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), "19700101-000000");
    }
}

//! Catches panics in the code of environments and turns them into errors.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

thread_local! {
    /// True while a panic of this thread becomes an error that names its place.
    static WATCHED: Cell<bool> = const { Cell::new(false) };
    /// Place of the last panic that became an error.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Installs a panic hook that prints nothing for panics that training and evaluation catch and return as errors, so
/// that each is reported once. The error then has the source line, too. Other panics go to the hook that was there
/// before.
///
/// For programs: a library leaves the hook as it is.
pub fn install_quiet_hook() {
    let before = take_hook();
    set_hook(Box::new(move |panic| {
        if WATCHED.get() {
            PLACE.set(panic.location().map(|place| format!("{}:{}", place.file(), place.line())));
        } else {
            before(panic);
        }
    }));
}

/// Gives the result of `work`, or the message of its panic.
///
/// Whatever `work` has borrowed may be half done after a panic: it is not to be used again.
///
/// # Errors
/// The message of the panic, if `work` panics, with its place where [`install_quiet_hook`] was called.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outside = WATCHED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    WATCHED.set(outside);
    result.map_err(|payload| {
        let said = message(&*payload);
        match PLACE.take() {
            Some(place) => format!("{said} ({place})"),
            None => said,
        }
    })
}

/// Gives the message of a panic, in one line: assertions and libtorch take several.
pub fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

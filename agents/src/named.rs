//! Names in documents: each kind of name is written and read alike.

/// Implements the conversions between a type and its name, with an error that lists the names that there are.
macro_rules! named {
    ($type:ty, $name:ident, $find:expr) => {
        impl From<$type> for &'static str {
            fn from(named: $type) -> &'static str {
                named.$name()
            }
        }

        impl TryFrom<String> for $type {
            type Error = String;

            fn try_from(written: String) -> Result<$type, String> {
                let known = || <$type>::ALL.iter().map(|named| format!("`{}`", named.$name())).collect::<Vec<_>>();
                let find: fn(&str) -> Option<$type> = $find;
                find(&written)
                    .ok_or_else(|| format!("unknown variant `{written}`, expected one of {}", known().join(", ")))
            }
        }
    };
}

pub(crate) use named;

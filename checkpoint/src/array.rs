//! Arrays of numbers with a shape.

use safetensors::Dtype;

/// Numbers with a shape, in row-major order (the last axis varies fastest).
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The length of each axis; empty for a single number.
    pub shape: Vec<usize>,
    /// The numbers, as many as the product of `shape`.
    pub values: Values,
}

impl Array {
    /// An array of `values`, of which there must be as many as the product of `shape` (checked when it is saved).
    pub fn new(shape: impl Into<Vec<usize>>, values: impl Into<Values>) -> Array {
        Array { shape: shape.into(), values: values.into() }
    }

    /// A one-dimensional array.
    pub fn flat(values: impl Into<Values>) -> Array {
        let values = values.into();
        Array { shape: vec![values.len()], values }
    }

    /// Product of `shape`, or nothing where that is too large for this machine.
    pub(super) fn capacity(&self) -> Option<usize> {
        self.shape.iter().copied().try_fold(1, usize::checked_mul)
    }
}

/// A kind of number that an array can hold.
pub trait Element: Copy + Sized {
    /// The kind's name in the file, such as `F32`.
    const KIND: &'static str;
    /// The numbers, if they are of this kind.
    fn slice(values: &Values) -> Option<&[Self]>;
}

macro_rules! kinds {
    ($($dtype:ident $number:ident $words:literal),*) => {
        /// Numbers of one kind. Floats keep every bit: negative zero, infinities and the payload of a NaN.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Values {
            $(#[doc = $words] $dtype(Vec<$number>),)*
        }

        impl Values {
            /// Gives the number of elements.
            pub fn len(&self) -> usize {
                match self { $(Values::$dtype(numbers) => numbers.len(),)* }
            }

            /// Tells if the array has no elements.
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// The kind's name in the file, such as `F32`.
            pub fn kind(&self) -> &'static str {
                match self { $(Values::$dtype(_) => <$number as Element>::KIND,)* }
            }

            pub(super) fn dtype(&self) -> Dtype {
                match self { $(Values::$dtype(_) => Dtype::$dtype,)* }
            }

            pub(super) fn to_le_bytes(&self) -> Vec<u8> {
                match self {
                    $(Values::$dtype(numbers) => numbers.iter().flat_map(|number| number.to_le_bytes()).collect(),)*
                }
            }

            /// Nothing if the kind is not one of ours; what is left over after the last whole number is ignored.
            pub(super) fn from_le_bytes(dtype: Dtype, bytes: &[u8]) -> Option<Values> {
                match dtype {
                    $(Dtype::$dtype => {
                        let (chunks, _) = bytes.as_chunks::<{ size_of::<$number>() }>();
                        Some(Values::$dtype(chunks.iter().map(|chunk| $number::from_le_bytes(*chunk)).collect()))
                    })*
                    _ => None,
                }
            }
        }

        $(
            impl Element for $number {
                const KIND: &'static str = stringify!($dtype);
                fn slice(values: &Values) -> Option<&[$number]> {
                    match values { Values::$dtype(numbers) => Some(numbers), _ => None }
                }
            }

            impl From<Vec<$number>> for Values {
                fn from(numbers: Vec<$number>) -> Values { Values::$dtype(numbers) }
            }
        )*
    };
}

kinds! {
    U8 u8 "Unsigned, 8 bits.",
    U32 u32 "Unsigned, 32 bits.",
    F32 f32 "Floating point, 32 bits.",
    F64 f64 "Floating point, 64 bits.",
    I64 i64 "Signed, 64 bits.",
    U64 u64 "Unsigned, 64 bits."
}

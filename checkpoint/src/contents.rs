//! A checkpoint in memory, and typed ways into it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Array, CheckpointError, Element};

/// Named arrays and a JSON document.
///
/// JSON has no infinities and no NaN: numbers that may be so belong into `tensors`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checkpoint {
    /// The arrays by name, such as `model.heads.value.weight`.
    pub tensors: BTreeMap<String, Array>,
    /// Everything that is not an array.
    pub metadata: Map<String, Value>,
}

impl Checkpoint {
    /// Adds an array, or replaces the one of that name.
    pub fn insert(&mut self, name: impl Into<String>, array: Array) {
        self.tensors.insert(name.into(), array);
    }

    /// The array of this name, whatever its kind and shape.
    ///
    /// # Errors
    /// If there is no array of this name.
    pub fn array(&self, name: &str) -> Result<&Array, CheckpointError> {
        self.tensors.get(name).ok_or_else(|| CheckpointError::MissingTensor { tensor: name.to_owned() })
    }

    /// The numbers of the array of this name, which must be of kind `E` and exactly of this shape.
    ///
    /// # Errors
    /// If there is no array of this name, or its numbers are of another kind or shape; the error names both.
    pub fn values<E: Element>(&self, name: &str, shape: &[usize]) -> Result<&[E], CheckpointError> {
        let array = self.array(name)?;
        let numbers = E::slice(&array.values).ok_or_else(|| CheckpointError::WrongKind {
            tensor: name.to_owned(),
            expected: E::KIND,
            found: array.values.kind(),
        })?;
        if array.shape != shape {
            return Err(CheckpointError::WrongShape {
                tensor: name.to_owned(),
                expected: shape.to_vec(),
                found: array.shape.clone(),
            });
        }
        Ok(numbers)
    }

    /// [`Checkpoint::values`] of 32-bit floats.
    ///
    /// # Errors
    /// As those of [`values`](Self::values).
    pub fn f32(&self, name: &str, shape: &[usize]) -> Result<&[f32], CheckpointError> {
        self.values(name, shape)
    }

    /// [`Checkpoint::values`] of 64-bit floats.
    ///
    /// # Errors
    /// As those of [`values`](Self::values).
    pub fn f64(&self, name: &str, shape: &[usize]) -> Result<&[f64], CheckpointError> {
        self.values(name, shape)
    }

    /// [`Checkpoint::values`] of signed 64-bit integers.
    ///
    /// # Errors
    /// As those of [`values`](Self::values).
    pub fn i64(&self, name: &str, shape: &[usize]) -> Result<&[i64], CheckpointError> {
        self.values(name, shape)
    }

    /// [`Checkpoint::values`] of unsigned 8-bit integers.
    ///
    /// # Errors
    /// As those of [`values`](Self::values).
    pub fn u8(&self, name: &str, shape: &[usize]) -> Result<&[u8], CheckpointError> {
        self.values(name, shape)
    }

    /// [`Checkpoint::values`] of unsigned 32-bit integers.
    ///
    /// # Errors
    /// As those of [`values`](Self::values).
    pub fn u32(&self, name: &str, shape: &[usize]) -> Result<&[u32], CheckpointError> {
        self.values(name, shape)
    }

    /// [`Checkpoint::values`] of unsigned 64-bit integers.
    ///
    /// # Errors
    /// As those of [`values`](Self::values).
    pub fn u64(&self, name: &str, shape: &[usize]) -> Result<&[u64], CheckpointError> {
        self.values(name, shape)
    }

    /// Checks that the tensors whose names begin with `prefix` are exactly `names`, which are whole names.
    ///
    /// A prefix should end in its dot: `worker1.` does not mean `worker10.`.
    ///
    /// # Errors
    /// If a tensor is missing or surplus; the error lists all of them.
    pub fn expect_names<S: AsRef<str>>(&self, prefix: &str, names: &[S]) -> Result<(), CheckpointError> {
        let wanted = |name: &str| names.iter().any(|wanted| wanted.as_ref() == name);
        let missing: Vec<String> = names
            .iter()
            .map(|name| name.as_ref())
            .filter(|name| !self.tensors.contains_key(*name))
            .map(str::to_owned)
            .collect();
        let surplus: Vec<String> =
            self.tensors.keys().filter(|name| name.starts_with(prefix) && !wanted(name)).cloned().collect();
        if missing.is_empty() && surplus.is_empty() {
            return Ok(());
        }
        Err(CheckpointError::WrongNames { prefix: prefix.to_owned(), missing, surplus })
    }

    /// A field of the metadata, as a type of the caller's.
    ///
    /// # Errors
    /// If there is no such field, or it cannot be read as a `T`.
    pub fn field<T: DeserializeOwned>(&self, field: &str) -> Result<T, CheckpointError> {
        let value =
            self.metadata.get(field).ok_or_else(|| CheckpointError::MissingField { field: field.to_owned() })?;
        T::deserialize(value).map_err(|source| CheckpointError::WrongField { field: field.to_owned(), source })
    }

    /// Sets a field of the metadata.
    ///
    /// # Errors
    /// If the value has no form in JSON, such as a map whose keys are not texts.
    pub fn set_field<T: Serialize>(&mut self, field: impl Into<String>, value: &T) -> Result<(), CheckpointError> {
        let field = field.into();
        match serde_json::to_value(value) {
            Ok(value) => {
                self.metadata.insert(field, value);
                Ok(())
            }
            Err(source) => Err(CheckpointError::WrongField { field, source }),
        }
    }
}

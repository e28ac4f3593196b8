//! Which keys a type has, asked from its `Deserialize`.
//!
//! So the keys of `[policy]` stand in one place, the type itself.

use std::fmt;

use serde::de::{self, DeserializeOwned, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

/// What stands at a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    /// A table with fixed keys.
    Table(&'static [&'static str]),
    /// A list.
    List,
    /// A table with free keys.
    Map,
    /// A single value.
    Scalar,
}

/// The shape of what stands at `path` in a `T`; none if there is no such key.
pub(crate) fn shape_of<T: DeserializeOwned>(path: &[&'static str]) -> Option<Shape> {
    let mut shape = None;
    // Every probe ends in an error: there is no value.
    let _ = T::deserialize(Probe { path, shape: &mut shape });
    shape
}

struct Probe<'p> {
    path: &'p [&'static str],
    shape: &'p mut Option<Shape>,
}

impl Probe<'_> {
    fn found<T>(self, shape: Shape) -> Result<T, Stop> {
        if self.path.is_empty() {
            *self.shape = Some(shape);
        }
        Err(Stop)
    }
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Stop;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
        self.found(Shape::Scalar)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
        self.found(Shape::List)
    }

    fn deserialize_map<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
        self.found(Shape::Map)
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Stop> {
        match self.path {
            [] => self.found(Shape::Table(fields)),
            [key, ..] if fields.contains(key) => visitor.visit_map(self),
            _ => Err(Stop),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct tuple tuple_struct enum identifier ignored_any
    }
}

/// One entry: the first key of the path.
impl<'de> MapAccess<'de> for Probe<'_> {
    type Error = Stop;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Stop> {
        let key: de::value::StrDeserializer<'_, Stop> = self.path[0].into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        seed.deserialize(Probe { path: &self.path[1..], shape: self.shape })
    }
}

/// The end of a probe.
#[derive(Debug)]
struct Stop;

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("end of the probe")
    }
}

impl std::error::Error for Stop {}

impl de::Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use promolint_analysis::Policy;

    #[test]
    fn the_policy_is_probed() {
        let shape = shape_of::<Policy>;
        assert!(matches!(shape(&[]), Some(Shape::Table(keys)) if keys.contains(&"frozen-trees")));
        assert!(matches!(shape(&["images"]), Some(Shape::Table(keys)) if keys.contains(&"leading-v")));
        assert_eq!(shape(&["frozen-trees"]), Some(Shape::List));
        assert_eq!(shape(&["images", "regions"]), Some(Shape::List));
        assert_eq!(shape(&["images", "source-exceptions"]), Some(Shape::Map));
        assert_eq!(shape(&["images", "directory"]), Some(Shape::Scalar));
        assert_eq!(shape(&["groups", "name-limit"]), Some(Shape::Scalar));
        assert_eq!(shape(&["images", "nothing"]), None);
    }
}

//! The form of any manifest: syntax, keys, types, line ends.

//! Typed views of the files.

//! Promotion of files.

//! Comments that silence rules.

//! Parses any text and checks the invariants of its tree.
//!
//! From the root of the repository:
//! `mkdir -p fuzz/corpus/parse && cargo +nightly fuzz run parse fuzz/corpus/parse fuzz/seeds/parse`.
//! The first directory takes what the fuzzer finds.

#![no_main]

#[path = "../../crates/syntax/tests/invariants/mod.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| {
    invariants::check(text);
});

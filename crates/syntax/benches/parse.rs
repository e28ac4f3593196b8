//! Time to parse a big manifest: one generated in the shape and size of the biggest real one, and
//! the real one where the corpus is (in the directory that `PROMOLINT_SHARED` names, `../shared`
//! beside the checkout by default).
//!
//! `cargo bench -p promolint-syntax`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use promolint_syntax::parse;

const CORPUS_FILE: &str = "corpus/k8s.io/registry.k8s.io/images/k8s-staging-kubernetes/images.yaml";

/// 18 images with 698 digests each: 12,600 lines, 1.18 MB.
fn generated_manifest() -> String {
    let mut text = String::new();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    for image in 0..18 {
        let _ = write!(text, "- name: component-{image}\n  dmap:\n");
        for version in 0..698 {
            text.push_str("    \"sha256:");
            for _ in 0..4 {
                // xorshift64: any digits do, as long as they are the same in every run.
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                let _ = write!(text, "{random:016x}");
            }
            let _ = writeln!(text, "\": [\"v1.{}.{}\"]", version / 20, version % 20);
        }
    }
    text
}

fn corpus_file() -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("PROMOLINT_SHARED").map_or(beside, PathBuf::from);
    std::fs::read_to_string(shared.join(CORPUS_FILE)).ok()
}

fn parse_big_manifests(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    let texts = [("generated", Some(generated_manifest())), ("corpus", corpus_file())];
    for (name, text) in texts {
        let Some(text) = text else {
            eprintln!("parse/{name}: skipped, no corpus here");
            continue;
        };
        let text: Arc<str> = text.into();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter_with_large_drop(|| parse(Arc::clone(&text))));
    }
    group.finish();
}

criterion_group!(benches, parse_big_manifests);
criterion_main!(benches);

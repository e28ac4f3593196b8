//! Time of all rules, and of formatting, on a big images.yaml: one generated in the shape and size of the biggest real
//! one, and the real one where the corpus is (in the directory that `PROMOLINT_SHARED` names,
//! `../shared` beside the checkout by default). Parsing is not counted.
//!
//! `cargo bench -p promolint-analysis`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use promolint_analysis::formatting::{Style, format};
use promolint_analysis::{Checker, FileKind, Policy, Settings, Snapshot, SourceFile, check};

const CORPUS_FILE: &str = "corpus/k8s.io/registry.k8s.io/images/k8s-staging-kubernetes/images.yaml";
const PLACE: &str = "registry.k8s.io/images/k8s-staging-kubernetes/images.yaml";

/// 18 images with 698 digests each: 12,600 lines, 1.18 MB.
fn generated() -> String {
    let mut text = String::new();
    for image in 0..18_u64 {
        let _ = write!(text, "- name: component-{image}\n  dmap:\n");
        for version in 0..698_u64 {
            let seed = (image * 1000 + version).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let digest = format!("{seed:016x}{:016x}{:016x}{:016x}", !seed, seed.rotate_left(17), seed.rotate_left(31));
            let _ = writeln!(text, "    \"sha256:{digest}\": [\"v1.{}.{}\"]", version / 20, version % 20);
        }
    }
    text
}

fn corpus() -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("PROMOLINT_SHARED").map_or(beside, PathBuf::from);
    std::fs::read_to_string(shared.join(CORPUS_FILE)).ok()
}

fn all_rules(criterion: &mut Criterion) {
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let mut group = criterion.benchmark_group("check");
    for (name, text) in [("generated", Some(generated())), ("corpus", corpus())] {
        let Some(text) = text else {
            eprintln!("check/{name}: skipped, no corpus here");
            continue;
        };
        let file = Arc::new(SourceFile::new(PLACE, FileKind::Images, text));
        let snapshot = Snapshot::new(vec![file], false);
        group.bench_function(name, |bencher| bencher.iter(|| check(&snapshot, &settings)));
    }
    group.finish();
}

/// One key, judged by what a session remembers: as a state, and as a change.
fn edits(criterion: &mut Criterion) {
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let text = generated();
    let source = |text: &str| Arc::new(SourceFile::new(PLACE, FileKind::Images, text));
    let before = Arc::new(Snapshot::new(vec![source(&text)], false));
    let edited = text.replacen("v1.3.7\"", "v1.3.7x\"", 1);
    let states = || [source(&text), source(&edited)].map(|file| Snapshot::new(vec![file], false));
    let mut group = criterion.benchmark_group("edit");
    let mut checker = Checker::new(settings.clone());
    let all = states();
    let mut turns = all.iter().cycle();
    group.bench_function("state", |bencher| bencher.iter(|| turns.next().map(|snapshot| checker.check(snapshot))));
    let mut checker = Checker::new(settings);
    group.bench_function("change", |bencher| bencher.iter(|| turns.next().map(|snapshot| checker.check_change(&before, snapshot))));
    group.finish();
}

fn formatting(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("format");
    for (name, text) in [("generated", Some(generated())), ("corpus", corpus())] {
        let Some(text) = text else {
            eprintln!("format/{name}: skipped, no corpus here");
            continue;
        };
        let file = SourceFile::new(PLACE, FileKind::Images, text);
        for style in [Style::File, Style::Promoter] {
            group.bench_function(format!("{name}/{style:?}"), |bencher| bencher.iter(|| format(&file, style)));
        }
    }
    group.finish();
}

criterion_group!(benches, all_rules, edits, formatting);
criterion_main!(benches);

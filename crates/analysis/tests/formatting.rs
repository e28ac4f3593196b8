//! Formatting keeps meaning and comments and settles at once, on any text; what it refuses, it refuses for its form.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use promolint_analysis::formatting::{Refusal, Style, format, format_range};
use promolint_analysis::model::Word;
use promolint_analysis::{FileKind, SourceFile};
use promolint_syntax::{TextRange, apply_edits};
use proptest::prelude::*;

mod common;
use common::{PLACES, good};

/// Those that have a format; the others are of facts and of another organisation.
const FILES: &[(FileKind, &str)] = PLACES.split_at(7).0;

/// The images by name, those of one name in their order; each with its tags by digest.
fn images(file: &SourceFile) -> BTreeMap<String, Vec<BTreeMap<String, Vec<String>>>> {
    let mut by_name: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for image in file.image_list() {
        let mut digests: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for entry in image.entries() {
            let tags = digests.entry(entry.digest.value.to_string()).or_default();
            tags.extend(entry.tags.iter().map(Word::as_str).map(str::to_owned));
            tags.sort();
        }
        by_name.entry(image.name_str().to_owned()).or_default().push(digests);
    }
    by_name
}

fn comments(file: &SourceFile) -> Vec<String> {
    let mut comments: Vec<String> = file.document().comments().iter().map(|range| file.slice(*range).trim_end().to_owned()).collect();
    comments.sort();
    comments
}

/// Which entry each numbered comment stands at: `# above 3` over it, `# behind 3;` at its end.
fn attachments(text: &str) -> BTreeMap<String, String> {
    let entry = |line: &str| {
        let line = line.replace(['"', '\''], "");
        let digest = line.find("sha256:").map(|at| line[at..].chars().take(71).collect());
        digest.or_else(|| line.find("name:").map(|at| line[at..].split('#').next().unwrap_or_default().trim().to_owned()))
    };
    let mut found = BTreeMap::new();
    let mut last = String::new();
    let lines: Vec<&str> = text.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        last = entry(line).unwrap_or(last);
        let comment = line.find("# ").map(|at| line[at..].trim_end().to_owned()).unwrap_or_default();
        if comment.starts_with("# behind ") && comment.ends_with(';') {
            found.insert(comment, last.clone());
        } else if comment.starts_with("# above ") {
            let next = lines[number + 1..].iter().find(|line| !line.trim_start().starts_with('#'));
            found.insert(comment, next.and_then(|line| entry(line)).unwrap_or_default());
        }
    }
    found
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("small texts")
}

/// Formats in both styles, and checks what always holds. Returns whether the text was formatted.
fn judge(kind: FileKind, text: &str, range: (usize, usize)) -> bool {
    let file = SourceFile::new("x.yaml", kind, text);
    let mut was_formatted = true;
    for style in [Style::File, Style::Promoter] {
        let edits = match format(&file, style) {
            Ok(edits) => edits,
            Err(Refusal::Syntax(_) | Refusal::OddLineBreaks) => {
                was_formatted = false;
                continue;
            }
            Err(refusal) => panic!("{style:?}: {refusal}\n{text}"),
        };
        let after = SourceFile::new("x.yaml", kind, apply_edits(text, &edits).expect("edits that fit"));
        assert_eq!(images(&file), images(&after), "{style:?}\n{text}\nafter\n{}", after.text());
        assert_eq!(comments(&file), comments(&after), "{style:?}\n{text}\nafter\n{}", after.text());
        assert_eq!(attachments(text), attachments(after.text()), "{style:?}\n{text}\nafter\n{}", after.text());
        assert_eq!(format(&after, style), Ok(Vec::new()), "{style:?}\n{text}\nafter\n{}", after.text());

        let (start, end) = (range.0.min(range.1).min(text.len()), range.0.max(range.1).min(text.len()));
        let range = TextRange::new(offset(start), offset(end));
        let some = format_range(&file, style, range).expect("a part is formatted where the whole is");
        let after = SourceFile::new("x.yaml", kind, apply_edits(text, &some).expect("edits that fit"));
        assert_eq!((images(&file), comments(&file)), (images(&after), comments(&after)), "{style:?} {range:?}\n{text}");
    }
    was_formatted
}

/// A digest with its tags, and how they are written.
#[derive(Clone, Debug)]
struct Line {
    digest: u64,
    tags: Vec<String>,
    form: u8,
    quotes: u8,
    spacing: u8,
    before: u8,
    behind: u8,
}

/// An image, and how it is written.
#[derive(Clone, Debug)]
struct Block {
    name: String,
    before: u8,
    width: u8,
    indentation: u8,
    lines: Vec<Line>,
    end: u8,
}

/// `usual` is how many of a hundred entries are written in the first way.
fn choice(usual: u32, others: u8) -> impl Strategy<Value = u8> {
    prop_oneof![usual => Just(0_u8), 100 - usual => 0..others]
}

fn line(usual: u32) -> impl Strategy<Value = Line> {
    let tags = proptest::collection::vec("v[0-2]\\.1?[0-9]|1\\.1?[0-9]|latest|2024-01-0[1-9]", 0..4);
    (any::<u64>(), tags, choice(usual, 4), choice(usual, 3), choice(usual, 5), choice(usual, 6), choice(usual, 3))
        .prop_map(|(digest, tags, form, quotes, spacing, before, behind)| Line { digest, tags, form, quotes, spacing, before, behind })
}

fn block(usual: u32) -> impl Strategy<Value = Block> {
    ("[a-f]{1,2}", choice(usual, 6), choice(usual, 3), choice(usual, 3), proptest::collection::vec(line(usual), 0..12), choice(usual, 4))
        .prop_map(|(name, before, width, indentation, lines, end)| Block { name, before, width, indentation, lines, end })
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    prop_oneof![Just(50_u32), Just(90), Just(97)].prop_flat_map(|usual| proptest::collection::vec(block(usual), 0..14))
}

fn quoted(word: &str, quotes: u8) -> String {
    match quotes {
        0 => format!("\"{word}\""),
        1 => format!("'{word}'"),
        _ => word.to_owned(),
    }
}

/// Comments and blank lines above an entry.
fn above(kind: u8, indentation: &str, number: usize) -> String {
    match kind {
        1 => format!("{indentation}# above {number}\n"),
        2 => "\n".to_owned(),
        3 => format!("\n{indentation}# group {number}\n"),
        4 => format!("{indentation}# alone {number}\n\n"),
        5 => format!("      # deeper {number}\n"),
        _ => String::new(),
    }
}

fn written(blocks: &[Block]) -> String {
    let mut text = String::new();
    let mut number = 0;
    for block in blocks {
        number += 1;
        text.push_str(&above(block.before, "", number));
        let dash = " ".repeat(1 + usize::from(block.width));
        let keys = " ".repeat(2 + usize::from(block.width));
        let digests = " ".repeat(keys.len() + 2 + usize::from(block.indentation));
        let _ = write!(text, "-{dash}name: {}\n{keys}dmap:{}\n", block.name, if block.lines.is_empty() { " {}" } else { "" });
        for line in &block.lines {
            number += 1;
            text.push_str(&above(line.before, &digests, number));
            let digest = format!("sha256:{:016x}{:048x}", line.digest, number);
            let _ = write!(text, "{digests}{}:", quoted(&digest, line.quotes));
            let tags: Vec<String> = line.tags.iter().map(|tag| quoted(tag, line.quotes)).collect();
            let (open, comma, close) =
                [("[", ", ", "]"), ("[ ", ", ", " ]"), ("[", ",", "]"), ("[", " ,  ", " ]"), ("[  ", ",", "]")][usize::from(line.spacing)];
            let comment = ["", " # behind", "# none"][usize::from(line.behind)];
            let comment = if comment == "# none" { format!("   # behind {number};") } else { comment.to_owned() };
            match line.form {
                1 if !tags.is_empty() => {
                    for tag in &tags {
                        let _ = write!(text, "\n{digests}- {tag}");
                    }
                }
                2 if !tags.is_empty() => {
                    let _ = write!(
                        text,
                        "{comment}\n{digests}  - {}\n{digests}# between\n{digests}  - x",
                        tags.join(&format!("\n{digests}  - "))
                    );
                }
                3 => {
                    let _ = write!(
                        text,
                        " [{}\n{digests}  ]",
                        tags.iter().fold(String::new(), |list, tag| list + "\n" + &digests + "   " + tag + ",")
                    );
                }
                _ => {
                    let _ = write!(text, " {open}{}{close}", tags.join(comma));
                }
            }
            if line.form != 2 {
                text.push_str(&comment);
            }
            text.push_str(if line.spacing == 4 { "  \n" } else { "\n" });
        }
        text.push_str(["", "    # last\n", "# below\n", "\n\n"][usize::from(block.end)]);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn images_in_any_style(blocks in blocks(), crlf in any::<bool>(), cut in 0..3_usize, range in (0..5000_usize, 0..5000_usize)) {
        let mut text = written(&blocks);
        text.truncate(text.len() - cut.min(text.len()));
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        prop_assert!(judge(FileKind::Images, &text, range) || cut > 0, "the generator writes YAML\n{}", text);
        let plain = text.lines().fold(String::new(), |plain, line| plain + "  " + line + "\n");
        judge(FileKind::PlainManifest, &format!("registries: []\nimages:\n{plain}"), range);
    }

    /// The good file with a stretch replaced.
    #[test]
    fn damaged_files(file in 0..FILES.len(), at in any::<prop::sample::Index>(), cut in 0..40_usize, put in "[-a-z0-9:#'\"\\[\\]{}, \t\n\r]{0,6}", range in (0..900_usize, 0..900_usize)) {
        let (kind, path) = FILES[file];
        let mut text = good(path);
        let start = at.index(text.len() + 1);
        let end = (start + cut).min(text.len());
        if text.is_char_boundary(start) && text.is_char_boundary(end) {
            text.replace_range(start..end, &put);
            judge(kind, &text, range);
        }
    }

    #[test]
    fn yaml_like_text(file in 0..FILES.len(), text in "([-a-z?:#'\"\\[\\]{}, \n]|- name: |\n  dmap:\n|images:\n|    sha256:a|: \\[v1\\]\n|\n- |\n# |\r\n|é){0,60}") {
        judge(FILES[file].0, &text, (3, 40));
    }
}

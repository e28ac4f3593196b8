//! The door that every fix goes through: right ones pass, and deliberately wrong ones are refused, each
//! with its reason.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use promolint_analysis::fixing::{Operation, Repair, Wanted, prove};
use promolint_analysis::{FileKind, SourceFile};
use promolint_syntax::{Node, TextEdit, TextRange};

const IMAGES: &str = "\
# Images of the widget team
- name: widget # the main one
  dmap:
    \"sha256:aa\": [\"v1.0.0\", \"V2\"]
    \"sha256:bb\": [\"v1.1.0\"]
";

fn file(text: &str) -> SourceFile {
    SourceFile::new("images/k8s-staging-widget/images.yaml", FileKind::Images, text)
}

/// The scalar with this value.
fn scalar<'a>(file: &'a SourceFile, value: &str) -> Node<'a> {
    file.document().nodes().find(|node| node.value() == value).unwrap()
}

fn at(file: &SourceFile, text: &str) -> TextRange {
    let start = file.text().find(text).unwrap();
    TextRange::new(u32::try_from(start).unwrap(), u32::try_from(start + text.len()).unwrap())
}

/// What a replacement of `old` by `new` becomes, with these operations declared.
fn attempt(text: &str, edits: &[(&str, &str)], declared: impl FnOnce(&SourceFile) -> Vec<Operation>) -> Result<String, String> {
    let file = file(text);
    let edits: Vec<TextEdit> = edits.iter().map(|(old, new)| TextEdit::replace(at(&file, old), *new)).collect();
    prove(&file, &edits, &declared(&file)).map(|after| after.text().to_owned()).map_err(|refusal| refusal.to_string())
}

fn set_v2(file: &SourceFile) -> Vec<Operation> {
    vec![Operation::Set(scalar(file, "V2").id(), Wanted::text("v2"))]
}

#[test]
fn what_is_declared_passes() {
    let after = attempt(IMAGES, &[("\"V2\"", "\"v2\"")], set_v2);
    assert_eq!(after, Ok(IMAGES.replace("V2", "v2")));
    // Another way of writing the same passes too.
    assert!(attempt(IMAGES, &[("\"V2\"", "v2")], set_v2).is_ok());
    let after = attempt(IMAGES, &[(" # the main one", "")], |file| vec![Operation::Comment(at(file, "# the main one"), None)]);
    assert_eq!(after, Ok(IMAGES.replace(" # the main one", "")));
    let after = attempt("a: b \nc: d", &[(" \n", "\n")], |_| Vec::new());
    assert_eq!(after.as_deref(), Ok("a: b\nc: d"));
    let after = attempt("a: b\r\nc: d\n", &[("\r\n", "\n")], |_| vec![Operation::LineEnds]);
    assert_eq!(after.as_deref(), Ok("a: b\nc: d\n"));
}

/// Wrong fixes, each refused by the proof.
#[expect(clippy::too_many_lines, reason = "a table of cases")]
#[test]
fn wrong_fixes_are_refused() {
    let none = |_: &SourceFile| Vec::new();
    let crlf = IMAGES.replace('\n', "\r\n");
    let further = format!("{IMAGES}---\nmore: V2\n");
    let broken = format!("{IMAGES}- name: [other\n- name: third\n");
    for (what, outcome, reason) in [
        (
            "drops a tag",
            attempt(IMAGES, &[("\"v1.0.0\", \"V2\"", "\"v2\"")], set_v2),
            "it would change more than it should: `v1.0.0` would be gone at `0.dmap.sha256:aa`",
        ),
        (
            "changes a digest on the way",
            attempt(IMAGES, &[("sha256:aa\": [\"v1.0.0\", \"V2", "sha256:ab\": [\"v1.0.0\", \"v2")], set_v2),
            "it would change more than it should: `sha256:aa` would be gone at `0.dmap`",
        ),
        ("eats a comment", attempt(IMAGES, &[(" # the main one", "")], none), "it would change more than white space"),
        (
            "eats a comment beside what it does",
            attempt(IMAGES, &[("widget # the main one", "gadget")], |file| {
                vec![Operation::Set(scalar(file, "widget").id(), Wanted::text("gadget"))]
            }),
            "it would change or drop the comment `# the main one`",
        ),
        (
            "makes a comment of a value",
            attempt(IMAGES, &[("\"V2\"]", "] # \"v2\"")], set_v2),
            "it would change or drop the comment `# \"v2\"`",
        ),
        ("breaks the YAML", attempt(IMAGES, &[("\"V2\"", "\"v2")], set_v2), "it would break the file: this quote is not closed"),
        (
            "breaks another place of a broken file",
            attempt(&broken, &[("\"V2\"", "\"v2")], set_v2),
            "it would break the file: this quote is not closed",
        ),
        (
            "touches the second document",
            attempt(&further, &[("\"V2\"", "\"v2\""), ("more: V2", "more: v2")], set_v2),
            "it would change lines that have nothing to do with the finding",
        ),
        (
            "moves white space in the second document",
            attempt(&further, &[("more:", " more:")], none),
            "it would change what stands behind the first YAML document",
        ),
        (
            "ends the first document early",
            attempt(IMAGES, &[("    \"sha256:bb", "---\n    \"sha256:bb")], none),
            "it would change more than white space",
        ),
        ("turns CRLF into LF elsewhere", attempt(&crlf, &[("\"V2\"]\r\n", "\"v2\"]\n")], set_v2), "it would change how lines end"),
        (
            "puts LF into a file of CRLF",
            attempt(&crlf, &[("\"V2\"", "\"v2\",\n     \"v3\"")], |file| {
                let id = scalar(file, "V2").id();
                vec![Operation::Set(id, Wanted::text("v2")), Operation::InsertAfter(id, vec![Wanted::text("v3")])]
            }),
            "it would change how lines end",
        ),
        (
            "writes another text than declared",
            attempt(IMAGES, &[("\"V2\"", "\"v3\"")], set_v2),
            "it would change more than it should: `v2` would become `v3` at `0.dmap.sha256:aa.1`",
        ),
        (
            "writes a number where a text is declared",
            attempt(IMAGES, &[("\"V2\"", "2")], |file| vec![Operation::Set(scalar(file, "V2").id(), Wanted::text("2"))]),
            "it would change more than it should: `2` would become the number `2` at `0.dmap.sha256:aa.1`",
        ),
        (
            "declares and does nothing of it",
            attempt(IMAGES, &[("[\"v1.0.0\"", "[ \"v1.0.0\"")], set_v2),
            "it would change more than it should: `v2` would become `V2` at `0.dmap.sha256:aa.1`",
        ),
        (
            "mends one line and formats another",
            attempt(IMAGES, &[("\"V2\"", "\"v2\""), ("- name: widget", "-   name: widget")], set_v2),
            "it would change lines that have nothing to do with the finding",
        ),
        (
            "moves an entry into another mapping",
            attempt(IMAGES, &[("    \"sha256:bb", "  \"sha256:bb")], none),
            "it would change more than it should: `sha256:bb` would be gone at `0.dmap`",
        ),
        (
            "drops the byte order mark",
            attempt("\u{feff}- name: V2\n", &[("\u{feff}- name: V2", "- name: v2")], set_v2),
            "it would change the byte order mark",
        ),
        (
            "cuts a character",
            prove(&file("ä: b\n"), &[TextEdit::insert(1, "x")], &[]).map(|_| String::new()).map_err(|refusal| refusal.to_string()),
            "an edit at bytes 1..1 lies outside the text",
        ),
        ("changes nothing", attempt(IMAGES, &[("widget", "widget")], none), "it would change nothing"),
        (
            "changes what an anchor carries",
            attempt("- name: &x V2\n- name: *x\n", &[("V2", "v2")], set_v2),
            "an anchor carries the change to other places",
        ),
        (
            "drops an anchor",
            attempt("- name: &x V2\n", &[("&x V2", "v2")], set_v2),
            "it would change more than it should: the anchor or tag of `v2` would change at `0.name`",
        ),
        (
            "speaks of another file",
            attempt("a: b \n", &[(" \n", "\n")], |_| {
                let other = file(IMAGES);
                vec![Operation::Set(scalar(&other, "v1.1.0").id(), Wanted::text("x"))]
            }),
            "what it is about is not in the file",
        ),
    ] {
        assert_eq!(outcome, Err(reason.to_owned()), "a fix that {what}");
    }
}

#[test]
fn a_file_that_is_no_text_is_refused() {
    let file = SourceFile::from_bytes("images/a/images.yaml", FileKind::Images, b"a: \xff \n".to_vec());
    let refusal = prove(&file, &[TextEdit::delete(TextRange::new(4, 5))], &[]).unwrap_err();
    assert_eq!(refusal.to_string(), "the file has bytes that are no UTF-8, and writing it would change them");
}

#[test]
fn the_intact_rest_of_a_broken_file_is_compared() {
    let text = "approvers:\n- @alice\n- @bob\n- carol # c\n";
    let file = SourceFile::new("images/a/OWNERS", FileKind::Owners, text);
    let mut unreadable = file.document().nodes().filter(|node| node.text() == "@alice");
    let login = Operation::Set(unreadable.next().unwrap().id(), Wanted::text("alice"));
    let mend = |edit: TextEdit| prove(&file, &[edit], std::slice::from_ref(&login)).map(|after| after.text().to_owned());
    assert_eq!(mend(TextEdit::delete(TextRange::new(13, 14))).as_deref(), Ok("approvers:\n- alice\n- @bob\n- carol # c\n"));
    assert!(mend(TextEdit::replace(TextRange::new(13, 14), "m")).is_err());
    assert!(mend(TextEdit::delete(TextRange::new(13, 22))).is_err());
}

#[test]
fn writing_keeps_the_style() {
    let file = file("- a\n- 'b'\n- \"c\"\n- |\n  d\n");
    let written = |value: &str, text: &str| Repair::text(scalar(&file, value), text).map(|repair| format!("{repair:?}"));
    assert!(written("a", "x").unwrap().contains("text: \"x\""));
    assert!(written("a", "1.10").unwrap().contains("text: \"\\\"1.10\\\"\""));
    assert!(written("b", "it's").unwrap().contains("text: \"'it''s'\""));
    assert!(written("c", "x").unwrap().contains("text: \"\\\"x\\\"\""));
    assert_eq!(written("d\n", "x"), None);
}

//! One door: a text before and after. `@a` stands for a digest of a's.

use super::*;

fn expanded(text: &str) -> String {
    let mut result = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, characters.clone().next()) {
            ('@', Some(digit @ 'a'..='f')) => {
                characters.next();
                result.push_str("sha256:");
                result.extend(std::iter::repeat_n(digit, 63));
                result.push('1');
            }
            _ => result.push(character),
        }
    }
    result
}

fn formatted(kind: FileKind, style: Style, text: &str) -> Result<String, Refusal> {
    let file = SourceFile::new("x.yaml", kind, expanded(text));
    let edits = format(&file, style)?;
    Ok(apply_edits(file.text(), &edits).unwrap())
}

fn check(kind: FileKind, style: Style, before: &str, after: &str) {
    let result = formatted(kind, style, before).unwrap();
    assert_eq!(result, expanded(after), "\nbefore:\n{before}\nafter:\n{result}");
    assert_eq!(formatted(kind, style, &result).unwrap(), result, "a second run changes nothing");
}

fn mends(before: &str, after: &str) {
    check(FileKind::Images, Style::File, before, after);
}

fn stays(text: &str) {
    mends(text, text);
}

fn promoter(before: &str, after: &str) {
    check(FileKind::Images, Style::Promoter, before, after);
}

/// An images.yaml with one image and these lines of its dmap.
fn image(lines: &[&str]) -> String {
    let mut text = "- name: widget\n  dmap:\n".to_owned();
    for line in lines {
        text.push_str(if line.is_empty() { "" } else { "    " });
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// Lines with these tags, in order.
fn tagged(tags: &[&str]) -> String {
    let lines: Vec<String> = tags.iter().map(|tag| format!("\"@a\": [\"{tag}\"]").replace('a', &letter(tag))).collect();
    image(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A letter for each tag; which one does not matter.
fn letter(tag: &str) -> String {
    char::from(b'a' + tag.bytes().fold(0, |sum: u8, byte| sum.wrapping_add(byte)) % 6).to_string()
}

#[test]
fn spacing_in_brackets_follows_the_file() {
    for (usual, odd) in [
        ("[\"v1\"]", "[ \"v1\" ]"),
        ("[ \"v1\" ]", "[\"v1\"]"),
        ("[\"v1\"]", "[\"v1\" ]"),
        ("[\"v1\",\"w\"]", "[\"v1\" , \"w\"]"),
        ("[\"v1\", \"w\"]", "[\"v1\",\"w\"]"),
    ] {
        let lines = |last: &str| {
            let lines: Vec<String> = ["a", "b", "c", "d", "e"]
                .iter()
                .map(|digit| format!("\"@{digit}\": {}", if *digit == "e" { last } else { usual }))
                .collect();
            image(&lines.iter().map(String::as_str).collect::<Vec<_>>())
        };
        mends(&lines(odd), &lines(usual));
    }
    // Two of each: nobody knows.
    stays(&image(&["\"@a\": [\"v1\"]", "\"@b\": [ \"v2\" ]", "\"@c\": [\"v3\"]", "\"@d\": [ \"v4\" ]"]));
}

#[test]
fn quotes_of_tags_and_names_follow_the_file() {
    mends(
        &image(&["\"@a\": [v1]", "\"@b\": [v2]", "\"@c\": [v3]", "\"@d\": [v4]", "\"@e\": [\"v5\"]", "\"@f\": [\"1.10\"]"]),
        // Without quotes, 1.10 would be a number.
        &image(&["\"@a\": [v1]", "\"@b\": [v2]", "\"@c\": [v3]", "\"@d\": [v4]", "\"@e\": [v5]", "\"@f\": [\"1.10\"]"]),
    );
    mends(
        &image(&["\"@a\": [\"1.1\"]", "\"@b\": [\"1.2\"]", "\"@c\": [\"1.3\"]", "\"@d\": [\"1.4\"]", "\"@e\": [1.10]", "\"@f\": [~]"]),
        &image(&["\"@a\": [\"1.1\"]", "\"@b\": [\"1.2\"]", "\"@c\": [\"1.3\"]", "\"@d\": [\"1.4\"]", "\"@e\": [\"1.10\"]", "\"@f\": [~]"]),
    );
    let names = |last: &str| format!("- name: a\n- name: b\n- name: c\n- name: d\n- name: {last}\n");
    mends(&names("\"e\""), &names("e"));
    mends(&names("'e'"), &names("e"));
    stays(&names("'1.0'"));
    stays(&names("\"a: b\""));
}

#[test]
fn digests_are_always_double_quoted() {
    mends(&image(&["@a: [v1]", "'@b': [v2]", "@c: [v3]"]), &image(&["\"@a\": [v1]", "\"@b\": [v2]", "\"@c\": [v3]"]));
}

#[test]
fn lists_by_indentation_follow_the_file() {
    let usual = ["\"@a\": [\"v1\"]", "\"@b\": [\"v2\"]", "\"@c\": [\"v3\"]", "\"@d\": [\"v4\"]"];
    let with = |last: &[&str]| image(&[&usual[..], last].concat());
    mends(&with(&["@e:", "- v5 # why"]), &with(&["\"@e\": [\"v5\"] # why"]));
    // How two tags are separated, nobody has said yet.
    mends(&with(&["@e:", "- \"v5\"", "- \"v6\""]), &with(&["\"@e\":", "- \"v5\"", "- \"v6\""]));
    mends(&with(&["\"@e\": [", "  v5,", "  ] # why"]), &with(&["\"@e\": [\"v5\"] # why"]));
    // A comment has no place in brackets.
    stays(&with(&["\"@e\":", "# why", "- \"v5\""]));
    stays(&image(&["\"@a\":", "- v1", "\"@b\":", "- v2", "\"@c\":", "- v3", "\"@d\":", "- v4", "\"@e\": [v5]"]));
}

#[test]
fn blanks_around_colons_and_dashes_follow_the_file() {
    let names = |last: &str| format!("- name: a\n- name: b\n- name: c\n- name: d\n{last}\n");
    mends(&names("- name :  e"), &names("- name: e"));
    mends(&names("-   name: e\n    dmap: {}"), &names("- name: e\n  dmap: {}"));
    // Aligned by hand.
    stays("registries:\n- name:            a\n  src:             true\n- name:            b\n  service-account: c\n");
}

#[test]
fn indentation_follows_the_file() {
    let images = |last: &str| {
        let image = |name: &str| format!("- name: {name}\n  dmap:\n    \"@{name}\": [\"v1\"]\n");
        format!("{}{}{}{}{last}", image("a"), image("b"), image("c"), image("d"))
    };
    mends(
        &images("-  name: e\n   dmap:\n      # why\n      \"@e\": [\"v1\"]\n      # at the end\n"),
        &images("- name: e\n  dmap:\n    # why\n    \"@e\": [\"v1\"]\n    # at the end\n"),
    );
}

#[test]
fn ends_of_lines_and_of_the_file() {
    mends("- name: a  \n  \n- name: b # c \n\n\n", "- name: a\n\n- name: b # c\n");
    mends("- name: a", "- name: a\n");
    mends("- name: a\r\n- name: b\n- name: c\r\n", "- name: a\r\n- name: b\r\n- name: c\r\n");
    stays("# No images yet\n");
    stays("");
    mends("\n\n", "\n");
    stays("\u{feff}- name: a\n");
}

#[test]
fn an_entry_out_of_a_clear_order_moves() {
    let sorted = ["v1.0.0", "v1.0.1", "v1.1.0", "v1.2.0", "v1.3.0", "v1.4.0", "v1.5.0", "v1.6.0", "v1.7.0"];
    let mut found = sorted;
    found[3..].rotate_left(1);
    mends(&tagged(&found), &tagged(&sorted));
    found.reverse();
    let mut newest_first = sorted;
    newest_first.reverse();
    mends(&tagged(&found), &tagged(&newest_first));
    // Too few to tell.
    stays(&tagged(&["v1", "v3", "v2", "v4"]));
    // By version, which may be meant.
    stays(&tagged(&["v1.1", "v1.2", "v1.3", "v1.4", "v1.5", "v1.6", "v1.7", "v1.9", "v1.10"]));
}

#[test]
fn images_move_with_their_comments() {
    let image = |name: char| format!("- name: {name}\n  dmap:\n    \"@a\": [\"v1\"] # {name}\n    # end of {name}\n");
    let images = |names: &str| names.chars().map(image).collect::<String>();
    mends(&images("abcdiefgh"), &images("abcdefghi"));
    mends(&format!("# file\n{}", images("abcdiefgh")), &format!("# file\n{}", images("abcdefghi")));
    let long = "- name: a\n  dmap:\n    \"@a\": [\"v1\n\n      .0\"]\n- name: b\n";
    promoter(long, long);
    let commented = |names: &str| names.chars().fold(String::new(), |text, name| text + &format!("# {name}\n") + &image(name));
    mends(&commented("abcdiefgh"), &commented("abcdefghi"));
    let spaced = |names: &str| names.chars().map(image).collect::<Vec<_>>().join("\n");
    mends(&spaced("abcdefghijklmnopqrstuvxyw"), &spaced("abcdefghijklmnopqrstuvwxy"));
}

#[test]
fn groups_are_not_torn_apart() {
    let lines = ["\"@a\": [\"v1\"]", "\"@b\": [\"v2\"]", "\"@c\": [\"v3\"]", "\"@d\": [\"v4\"]", "\"@e\": [\"v5\"]", "\"@f\": [\"v6\"]"];
    let more = ["\"@a\": [\"v8\"]", "\"@b\": [\"v9\"]"];
    stays(&image(&[&lines[..], &["# old", "\"@c\": [\"v7\"]"], &more[..], &["\"@d\": [\"v0\"]", "# the end"]].concat()));
    stays(&image(&[&lines[..], &more[..], &["", "\"@d\": [\"v0\"]"]].concat()));
}

#[test]
fn a_missing_blank_line_between_images_is_added() {
    let images = |separators: &str| {
        let image = "- name: a\n  dmap:\n    \"@a\": [\"v1\"]\n";
        let text = separators.chars().fold(String::new(), |text, separator| text + image + if separator == '|' { "\n" } else { "" });
        text.trim_end().to_owned() + "\n"
    };
    let usual = "|".repeat(30);
    mends(&images(&format!("{usual}.|")), &images(&format!("{usual}||")));
    stays(&images("|||.||"));
}

#[test]
fn the_promoters_style() {
    promoter(
        "# file\n\n- name: 'b'\n  dmap:\n    @b: [ v2, v1 ]\n\n    # about a\n    \"@a\" :  ['v0']\n- name: a # note\n  dmap:\n      \"@c\":\n      - v1\n      - 1.10\n",
        "# file\n\n- name: a # note\n  dmap:\n    \"@c\": [\"1.10\",\"v1\"]\n- name: b\n  dmap:\n    # about a\n    \"@a\": [\"v0\"]\n    \"@b\": [\"v1\",\"v2\"]\n",
    );
    // Comments stay with their images, repeated names apart and in their order, CRLF goes.
    promoter(
        "# 2\r\n- name: b\r\n  dmap: {}\r\n\r\n# 1\r\n- name: b\r\n  dmap:\r\n- name: a\r\n",
        "- name: a\n# 2\n- name: b\n  dmap: {}\n# 1\n- name: b\n  dmap:\n",
    );
    // A suppression for the whole file stays one, a suppression for one image too.
    let allow = "# promolint: allow(tag-shape) old";
    promoter(&format!("{allow}\n- name: b\n- name: a\n"), &format!("{allow}\n- name: a\n- name: b\n"));
    let text = format!("- name: b\n{allow}\n- name: a\n");
    promoter(&text, &text);
    // No tags: first.
    promoter(
        &image(&["\"@a\": [\"v1\"]", "\"@b\": []", "\"@c\":", "\"@d\": [\"v0\"]"]),
        &image(&["\"@b\": []", "\"@c\":", "\"@d\": [\"v0\"]", "\"@a\": [\"v1\"]"]),
    );
    promoter(
        "  - name: b\n    dmap:\n      \"@a\": [\n        v1, # why\n      ]\n  - name: a",
        "- name: a\n- name: b\n  dmap:\n    \"@a\": [\n      \"v1\", # why\n    ]\n",
    );
    // The last image without a line break moves away from the end.
    promoter("- name: b\n- name: a # x", "- name: a # x\n- name: b\n");
}

#[test]
fn other_files_keep_everything_but_blanks() {
    let manifest = "registries:\n- name: b\n  src: true\n- name: a\n  service-account: 'c'\n";
    for style in [Style::File, Style::Promoter] {
        check(FileKind::PromoterManifest, style, &format!("{manifest}\n"), manifest);
        check(FileKind::Owners, style, "approvers:\n- b  \n-  a", "approvers:\n- b\n-  a\n");
        check(
            FileKind::FileManifest,
            style,
            "files:\n- name: b\n  sha256: a \n- name: a\n  sha256: b\n",
            "files:\n- name: b\n  sha256: a\n- name: a\n  sha256: b\n",
        );
    }
    let plain = |lists: &str| format!("registries: []\nimages:\n  - name: a\n    dmap:\n{lists}");
    check(FileKind::PlainManifest, Style::File, &plain("      @a: [v1]\n"), &plain("      \"@a\": [v1]\n"));
}

#[test]
fn what_cannot_be_formatted_is_refused() {
    let refusal = |kind, text: &str| formatted(kind, Style::File, text).unwrap_err();
    assert!(matches!(refusal(FileKind::Images, "- name: [\n"), Refusal::Syntax(_)));
    assert_eq!(refusal(FileKind::Images, "- name: a\r- name: b\n"), Refusal::OddLineBreaks);
    assert_eq!(refusal(FileKind::Groups, "groups: []\n"), Refusal::Foreign);
    let file = SourceFile::from_bytes("x", FileKind::Images, b"- name: \xff\n".to_vec());
    assert_eq!(format(&file, Style::File), Err(Refusal::InvalidBytes));
    // Anchors, block scalars and further documents: left alone.
    for text in ["- &a name: b  \n", "- name: |\n    a  \n\n", "- name: a  \n---\n- name: b\n"] {
        stays(text);
    }
}

#[test]
fn edits_are_small_and_stay_inside_a_range() {
    let text = expanded("- name: a  \n- name: b  \n- name: c  \n");
    let file = SourceFile::new("x.yaml", FileKind::Images, text.as_str());
    assert_eq!(format(&file, Style::File).unwrap().len(), 3);
    let edits = format_range(&file, Style::File, TextRange::new(14, 15)).unwrap();
    assert_eq!(apply_edits(&text, &edits).unwrap(), "- name: a  \n- name: b\n- name: c  \n");
    // A move needs both of its ends.
    let text = "- name: c\n- name: b\n- name: a\n";
    let file = SourceFile::new("x.yaml", FileKind::Images, text);
    assert_eq!(format_range(&file, Style::Promoter, TextRange::new(0, 12)), Ok(Vec::new()));
    let edits = format(&file, Style::Promoter).unwrap();
    assert!(edits.iter().all(|edit| edit.range.len() <= 10), "{edits:?}");
}

#[test]
fn the_proof_notices() {
    let parsed = |text: &str| parse(expanded(text));
    let before = "- name: a\n  dmap:\n    \"@a\": [\"v1\"]\n- name: a # c\n  dmap:\n    \"@b\": [\"1.10\"]\n";
    for after in [
        &before.replace("\"v1\"", "\"v2\""),
        &before.replace("# c", ""),
        &before.replace("@b", "@c"),
        &before.replace("- name: a # c\n  dmap:\n", "# c\n"),
        // Repeated names in another order.
        "- name: a # c\n  dmap:\n    \"@b\": [\"1.10\"]\n- name: a\n  dmap:\n    \"@a\": [\"v1\"]\n",
        "",
        "- [",
    ] {
        assert!(proof::prove(&parsed(before), &parsed(after), FileKind::Images).is_err(), "{after}");
    }
    assert_eq!(proof::prove(&parsed(before), &parsed(&before.replace("\"1.10\"", "1.10")), FileKind::Images), Ok(()));
    let allowed = |text| proof::prove(&parsed("- name: a\n# promolint: allow(x) y\n- name: b\n"), &parsed(text), FileKind::Images);
    assert!(allowed("# promolint: allow(x) y\n- name: b\n- name: a\n").is_err());
    let typed = |text| proof::prove(&parsed("files:\n- name: '1.10'\n"), &parsed(text), FileKind::FileManifest);
    assert!(typed("files:\n- name: 1.10\n").is_err());
}

#[test]
fn a_byte_order_mark_takes_no_column() {
    for style in [Style::File, Style::Promoter] {
        let text = "\u{feff}# c\r\n- name: w\r\n  dmap:\r\n    \"@a\": [\"v2\"]\r\n    \"@b\": [\"v1\"]\r\n";
        for text in [text.to_owned(), text.replace("# c\r\n", ""), text.replace('\r', ""), text.replace("# c\r\n", "").replace('\r', "")] {
            let result = formatted(FileKind::Images, style, &text).unwrap();
            assert!(result.starts_with('\u{feff}'), "{result:?}");
            assert_eq!(formatted(FileKind::Images, style, &result).unwrap(), result);
            if style == Style::Promoter {
                let sorted = "- name: w\n  dmap:\n    \"@b\": [\"v1\"]\n    \"@a\": [\"v2\"]\n";
                assert_eq!(
                    result.trim_start_matches('\u{feff}').trim_start_matches("# c\n").replace(' ', ""),
                    expanded(sorted).replace(' ', "")
                );
            } else {
                assert_eq!(result, expanded(&text));
            }
        }
    }
}

#[test]
fn a_digest_that_stands_twice_is_no_defect() {
    let text = image(&["\"@a\": [\"v3\"]", "\"@b\": [\"v2\"]", "\"@a\": [\"v1\"]"]);
    let refusal = formatted(FileKind::Images, Style::Promoter, &text).unwrap_err();
    assert!(matches!(refusal, Refusal::DigestTwice(_)), "{refusal}");
}

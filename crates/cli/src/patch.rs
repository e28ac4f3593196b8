//! A unified diff that `git apply` takes, byte for byte: CRLF stays, a missing final line break is said.
//!
//! The `diff --git` line makes the names relative to the top of the repository, wherever git is run.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices, group_diff_ops};

/// Lines around a change.
const CONTEXT: usize = 3;

/// Prints the patch from `before` to `after` of the file at `name`, which has `/` between its parts.
pub(crate) fn write(name: &str, before: &str, after: &str, out: &mut dyn Write) -> io::Result<()> {
    // git knows no other line break.
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let (a, b) = (quoted("a/", name), quoted("b/", name));
    writeln!(out, "diff --git {a} {b}")?;
    // Without the tab, some would take a blank in the name for its end.
    let end = if name.contains(' ') { "\t" } else { "" };
    writeln!(out, "--- {a}{end}\n+++ {b}{end}")?;
    for hunk in group_diff_ops(capture_diff_slices(Algorithm::Myers, &old, &new), CONTEXT) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        let cover = |start: Range<usize>, end: Range<usize>| start.start..end.end;
        let (old_lines, new_lines) = (cover(first.old_range(), last.old_range()), cover(first.new_range(), last.new_range()));
        writeln!(out, "@@ -{} +{} @@", numbers(&old_lines), numbers(&new_lines))?;
        for operation in &hunk {
            let (tag, old_range, new_range) = operation.as_tag_tuple();
            if tag == DiffTag::Equal {
                lines(' ', &old[old_range], out)?;
            } else {
                lines('-', &old[old_range], out)?;
                lines('+', &new[new_range], out)?;
            }
        }
    }
    Ok(())
}

fn lines(sign: char, lines: &[&str], out: &mut dyn Write) -> io::Result<()> {
    for line in lines {
        write!(out, "{sign}{line}")?;
        if !line.ends_with('\n') {
            writeln!(out, "\n\\ No newline at end of file")?;
        }
    }
    Ok(())
}

/// First line, from 1, and number of lines; of no lines, the one before.
fn numbers(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => (lines.start + 1).to_string(),
        length => format!("{},{length}", lines.start + 1),
    }
}

/// A name as git writes it: in quotes where it holds what would not be read otherwise.
fn quoted(prefix: &str, name: &str) -> String {
    let is_plain = |byte: u8| byte >= b' ' && !matches!(byte, b'"' | b'\\' | 0x7f);
    if name.bytes().all(is_plain) {
        return format!("{prefix}{name}");
    }
    let mut quoted = format!("\"{prefix}");
    for byte in name.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            byte if (b' '..0x7f).contains(&byte) => quoted.push(char::from(byte)),
            byte => {
                let _ = write!(quoted, "\\{byte:03o}");
            }
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(name: &str, before: &str, after: &str) -> String {
        let mut out = Vec::new();
        write(name, before, after, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hunks_with_their_lines() {
        let before = (1..=20).map(|line| line.to_string()).collect::<Vec<_>>().join("\n") + "\n";
        let after = before.replace("2\n3\n4", "2\nx\n4").replace("20\n", "20");
        let expected = "\
diff --git a/a/b c.yaml b/a/b c.yaml
--- a/a/b c.yaml\t
+++ b/a/b c.yaml\t
@@ -1,6 +1,6 @@
 1
 2
-3
+x
 4
 5
 6
@@ -17,4 +17,4 @@
 17
 18
 19
-20
+20
\\ No newline at end of file
";
        assert_eq!(patch("a/b c.yaml", &before, &after), expected);
    }

    #[test]
    fn names_that_need_quotes() {
        assert_eq!(quoted("a/", "images/größe"), "a/images/größe");
        assert_eq!(quoted("a/", "a\"b\nc"), "\"a/a\\\"b\\012c\"");
        assert_eq!(numbers(&(0..0)), "0,0");
        assert_eq!(numbers(&(4..5)), "5");
    }
}

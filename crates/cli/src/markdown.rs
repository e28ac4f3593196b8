//! Markdown of the rules' pages as plain text for a terminal.
//!
//! Knows what these pages use: headings, paragraphs, lists, fenced code, code spans and links.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::terminal::Appearance;

/// Without colours, at a usual width.
pub(crate) fn plain(markdown: &str) -> String {
    render(markdown, 80, false)
}

/// As a terminal can show it.
pub(crate) fn for_terminal(markdown: &str, appearance: &Appearance) -> String {
    render(markdown, appearance.text_width, appearance.color)
}

fn render(markdown: &str, width: usize, color: bool) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut in_code = false;
    let heading = if color { Style::new().bold() } else { Style::new() };
    for line in markdown.lines().chain([""]) {
        // Doc comments start their lines with a blank.
        let line = line.strip_prefix(' ').unwrap_or(line);
        let fence = line.trim_start().starts_with("```");
        if in_code && !fence {
            let _ = writeln!(out, "{}", format!("    {line}").trim_end());
            continue;
        }
        let starts_item = line.trim_start().starts_with("- ");
        if fence || line.is_empty() || line.starts_with('#') || starts_item {
            flush(&mut paragraph, &mut out, width, color);
        }
        if fence {
            in_code = !in_code;
        } else if line.starts_with('#') {
            let _ = writeln!(out, "{heading}{}{heading:#}", line.trim_start_matches('#').trim());
        } else if line.is_empty() {
            if !out.is_empty() && !out.ends_with("\n\n") {
                out.push('\n');
            }
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(if starts_item { line } else { line.trim() });
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn flush(paragraph: &mut String, out: &mut String, width: usize, color: bool) {
    if paragraph.is_empty() {
        return;
    }
    let indent = if paragraph.trim_start().starts_with("- ") {
        " ".repeat(paragraph.len() - paragraph.trim_start().len() + 2)
    } else {
        String::new()
    };
    let options = textwrap::Options::new(width)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let wrapped = textwrap::fill(&links_spelled_out(paragraph), options);
    out.push_str(&if color { code_spans_colored(&wrapped) } else { wrapped });
    out.push('\n');
    paragraph.clear();
}

/// `[text](url)` becomes `text <url>`.
fn links_spelled_out(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let after = &rest[open + 1..];
        let link = after.split_once("](").and_then(|(label, tail)| Some((label, tail.split_once(')')?)));
        match link {
            Some((label, (url, tail))) if !label.contains(['[', '`', ']']) || label.starts_with('`') && label.ends_with('`') => {
                let _ = write!(out, "{}{label} <{url}>", &rest[..open]);
                rest = tail;
            }
            _ => {
                out.push_str(&rest[..=open]);
                rest = after;
            }
        }
    }
    out + rest
}

fn code_spans_colored(text: &str) -> String {
    let style = AnsiColor::Cyan.on_default();
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        let _ = if at % 2 == 1 { write!(out, "{style}{part}{style:#}") } else { write!(out, "{part}") };
    }
    out
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;

    #[test]
    fn pages_are_readable_without_a_browser() {
        let page = " A digest has `64` digits. A sentence that is long enough for this line to be wrapped somewhere.\n\n \
            ## Why\n See [the specification](https://example.org/spec), or `[a](b)`.\n\n - one\n   more\n - two\n\n ```yaml\n a: [1]\n   b: 2\n ```\n";
        assert_data_eq!(
            plain(page),
            str![[r#"
A digest has `64` digits. A sentence that is long enough for this line to be
wrapped somewhere.

Why
See the specification <https://example.org/spec>, or `a <b>`.

- one more
- two

    a: [1]
      b: 2

"#]]
        );
        assert_eq!(code_spans_colored("a `b` c"), "a \u{1b}[36mb\u{1b}[0m c");
    }
}

//! For the text of a pull request; a long table is folded.

use std::collections::BTreeMap;
use std::io::{self, Write};

use promolint_analysis::history::Summary;
use promolint_analysis::history::summary::{FileFate, FileNote};

use crate::report::plural;

/// More lines than these are folded.
const ROWS: usize = 21;

pub(super) fn write(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**", super::headline(summary))?;
    if !summary.refused.is_empty() {
        writeln!(out, "\n**{}:**\n", super::REFUSED)?;
        for refused in &summary.refused {
            writeln!(out, "- {} line {}: {}", code(&refused.path), refused.line, refused.reason)?;
        }
    }
    write_table("| project | image | change | digest | tags |\n|---|---|---|---|---|", &image_rows(summary), out)?;
    write_table("| project | destination | change |\n|---|---|---|", &destination_rows(summary), out)?;
    write_table("| project | file | change | sha256 |\n|---|---|---|---|", &artifact_rows(summary), out)?;
    if !summary.files.is_empty() {
        let file = |file: &FileNote| match &file.fate {
            FileFate::Moved { from } => format!("{} moved from {}", code(&file.path), code(from)),
            fate => format!("{} {}", code(&file.path), super::fate(fate)),
        };
        writeln!(out, "\nOther files: {}.", summary.files.iter().map(file).collect::<Vec<_>>().join(", "))?;
    }
    let promotions = |promotions: &BTreeMap<String, usize>| {
        promotions.iter().map(|(path, count)| format!("{count} to {}", code(path))).collect::<Vec<_>>().join(", ")
    };
    if !summary.promotions.is_empty() {
        writeln!(out, "\nPromotions: {}.", promotions(&summary.promotions))?;
    }
    let unseen = &summary.unseen_promotions;
    if !unseen.is_empty() {
        writeln!(out, "\n**{}:** {}.", super::UNSEEN, promotions(unseen))?;
    } else if !summary.unseen.is_empty() {
        writeln!(out, "\n**{}:**", super::UNSEEN)?;
    }
    let digests = summary.unseen.iter().map(|unseen| format!("{} {}: {}", code(&unseen.image), code(&unseen.digest), unseen.reason));
    let files = summary.untouched.iter();
    let files = files.map(|(path, count)| format!("{}: {} that stood there before", code(path), plural(*count, "digest")));
    let lines: Vec<String> = digests.chain(files).map(|line| format!("- {line}")).collect();
    if !lines.is_empty() {
        writeln!(out)?;
        write_folded(&lines, out)?;
    }
    Ok(())
}

fn write_table(head: &str, rows: &[String], out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut lines = vec![head.to_owned()];
    lines.extend_from_slice(rows);
    writeln!(out)?;
    write_folded(&lines, out)
}

/// Lines, folded where they are many.
fn write_folded(lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    let is_long = lines.len() > ROWS;
    if is_long {
        let rows = lines.iter().filter(|line| !line.contains("\n|---")).count();
        writeln!(out, "<details><summary>{rows} rows</summary>\n")?;
    }
    for line in lines {
        writeln!(out, "{line}")?;
    }
    if is_long {
        writeln!(out, "\n</details>")?;
    }
    Ok(())
}

fn row<const N: usize>(cells: [&str; N]) -> String {
    format!("| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

fn image_rows(summary: &Summary) -> Vec<String> {
    let mut rows = Vec::new();
    for image in &summary.images {
        let (project, name) = (code(super::project(&image.path)), code(&image.name));
        let mut add = |change: &str, digest: &str, tags: &str| rows.push(row([&project, &name, change, digest, tags]));
        for (digest, tags) in &image.added {
            add("added", &code(digest), &tags.iter().map(|tag| code(tag)).collect::<Vec<_>>().join(", "));
        }
        for (digest, tag) in &image.tagged {
            add("tag added", &code(digest), &code(tag));
        }
        for (from, count) in &image.carried {
            add("**to another production path**", &format!("{} from {}", super::entries(*count), code(super::project(from))), "");
        }
        for (tag, old, new) in &image.moved {
            add("**tag moved**", &format!("from {} to {}", code(old), code(new)), &code(tag));
        }
        for (digest, tag) in &image.removed {
            add("**removed**", &code(digest), &tag.as_deref().map(code).unwrap_or_default());
        }
    }
    rows
}

fn destination_rows(summary: &Summary) -> Vec<String> {
    let mut rows = Vec::new();
    for change in &summary.destinations {
        for (word, destinations) in [("added", &change.added), ("**removed**", &change.removed)] {
            for (production, names) in destinations {
                let (name, count) = super::destination(production, names);
                rows.push(row([&code(super::project(&change.path)), &format!("{}{count}", code(name)), word]));
            }
        }
    }
    rows
}

fn artifact_rows(summary: &Summary) -> Vec<String> {
    let mut rows = Vec::new();
    for change in &summary.artifacts {
        let project = code(change.path.rsplit('/').next().unwrap_or_default());
        rows.extend(change.added.iter().map(|(name, sha256)| row([&project, &code(name), "added", &code(sha256)])));
        let changed = |(name, old, new): &(String, String, String)| {
            row([&project, &code(name), "**changed**", &format!("from {} to {}", code(old), code(new))])
        };
        rows.extend(change.changed.iter().map(changed));
        rows.extend(change.removed.iter().map(|(name, sha256)| row([&project, &code(name), "**removed**", &code(sha256)])));
    }
    rows
}

/// A text as code, which nothing in it can end.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    format!("`{}`", text.replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use promolint_analysis::history::summary::ImageChange;

    use super::*;

    #[test]
    fn names_cannot_break_a_table() {
        let added = vec![("sha256:1".to_owned(), vec!["a`|b\n".to_owned()])];
        let image =
            ImageChange { path: "images/widget/images.yaml".to_owned(), name: "wid|get".to_owned(), added, ..ImageChange::default() };
        let summary = Summary { images: vec![image], ..Summary::default() };
        assert_eq!(image_rows(&summary), [r"| `widget` | `wid\|get` | added | `sha256:1` | `a'\|b ` |"]);
    }
}

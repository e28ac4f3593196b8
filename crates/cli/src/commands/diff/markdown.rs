//! For the text of a pull request; a long table is folded.

use std::io::{self, Write};

use promolint_analysis::history::Summary;

/// More rows than these are folded.
const ROWS: usize = 20;

pub(super) fn write(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**", super::headline(summary.totals()))?;
    let rows = rows(summary);
    if !rows.is_empty() {
        let is_long = rows.len() > ROWS;
        if is_long {
            writeln!(out, "\n<details><summary>{} rows</summary>", rows.len())?;
        }
        writeln!(out, "\n| image | change | digest | tags |\n|---|---|---|---|")?;
        for row in &rows {
            writeln!(out, "{row}")?;
        }
        if is_long {
            writeln!(out, "\n</details>")?;
        }
    }
    if !summary.files.is_empty() {
        let files: Vec<String> = summary.files.iter().map(|(path, fate)| format!("{} {}", code(path), super::fate(*fate))).collect();
        writeln!(out, "\nOther files: {}.", files.join(", "))?;
    }
    if !summary.promotions.is_empty() {
        let promotions: Vec<String> = summary.promotions.iter().map(|(path, count)| format!("{count} to {}", code(path))).collect();
        writeln!(out, "\nPromotions: {}.", promotions.join(", "))?;
    }
    if !summary.unseen.is_empty() {
        writeln!(out, "\n**Not seen by the promoter's diff mode, so not promoted:**\n")?;
        for unseen in &summary.unseen {
            writeln!(out, "- {} {}: {}", code(&unseen.image), code(&unseen.digest), unseen.reason)?;
        }
    }
    Ok(())
}

fn rows(summary: &Summary) -> Vec<String> {
    let mut rows = Vec::new();
    for image in &summary.images {
        let name = code(&image.name);
        let mut row = |change: &str, digest: &str, tags: &str| rows.push(format!("| {name} | {change} | {digest} | {tags} |"));
        for (digest, tags) in &image.added {
            row("added", &code(digest), &tags.iter().map(|tag| code(tag)).collect::<Vec<_>>().join(", "));
        }
        for (digest, tag) in &image.tagged {
            row("tag added", &code(digest), &code(tag));
        }
        for (tag, old, new) in &image.moved {
            row("**tag moved**", &format!("from {} to {}", code(old), code(new)), &code(tag));
        }
        for (digest, tag) in &image.removed {
            row("**removed**", &code(digest), &tag.as_deref().map(code).unwrap_or_default());
        }
    }
    rows
}

/// A text as code. Nothing in it can end the code or the cell of a table.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}

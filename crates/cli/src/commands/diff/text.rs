//! For a terminal.

use std::io::{self, Write};

use promolint_analysis::history::Summary;

use crate::report::visible;

pub(super) fn write(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", super::headline(summary.totals()))?;
    let mut path = "";
    for image in &summary.images {
        if image.path != path {
            path = &image.path;
            writeln!(out, "\n{}", visible(path))?;
        }
        writeln!(out, "  {}", visible(&image.name))?;
        for (digest, tags) in &image.added {
            writeln!(out, "    + {} {}", visible(digest), visible(&tags.join(", ")))?;
        }
        for (digest, tag) in &image.tagged {
            writeln!(out, "    + tag {} on {}", visible(tag), visible(digest))?;
        }
        for (tag, old, new) in &image.moved {
            writeln!(out, "    ! tag {} from {} to {}", visible(tag), visible(old), visible(new))?;
        }
        for (digest, tag) in &image.removed {
            writeln!(out, "    - {} {}", visible(digest), visible(tag.as_deref().unwrap_or_default()))?;
        }
        if image.resorted > 0 {
            writeln!(out, "    re-sorts {}", image.resorted)?;
        }
    }
    if !summary.files.is_empty() {
        writeln!(out, "\nOther files:")?;
        for (path, fate) in &summary.files {
            writeln!(out, "  {} {}", super::fate(*fate), visible(path))?;
        }
    }
    if !summary.promotions.is_empty() {
        writeln!(out, "\nPromotions:")?;
        for (path, count) in &summary.promotions {
            writeln!(out, "  {count} to {}", visible(path))?;
        }
    }
    if !summary.unseen.is_empty() {
        writeln!(out, "\nNot seen by the promoter's diff mode, so not promoted:")?;
        for unseen in &summary.unseen {
            writeln!(out, "  {} {}: {}", visible(&unseen.image), visible(&unseen.digest), unseen.reason)?;
        }
    }
    Ok(())
}

//! For a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use promolint_analysis::history::Summary;
use promolint_analysis::history::summary::{FileFate, ImageChange};

use crate::report::{plural, visible};

pub(super) fn write(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", super::headline(summary))?;
    if !summary.refused.is_empty() {
        writeln!(out, "\n{}:", super::REFUSED)?;
        for refused in &summary.refused {
            writeln!(out, "  {}:{}: {}", visible(&refused.path), refused.line, refused.reason)?;
        }
    }
    write_images(summary, out)?;
    for change in &summary.destinations {
        writeln!(out, "\n{}", visible(&change.path))?;
        for (sign, destinations) in [('+', &change.added), ('-', &change.removed)] {
            for (production, names) in destinations {
                let (name, count) = super::destination(production, names);
                writeln!(out, "  {sign} destination {}{count}", visible(name))?;
            }
        }
    }
    for project in &summary.artifacts {
        writeln!(out, "\n{}", visible(&project.path))?;
        for (name, sha256) in &project.added {
            writeln!(out, "  + {} {}", visible(name), visible(sha256))?;
        }
        for (name, old, new) in &project.changed {
            writeln!(out, "  ! {} from {} to {}", visible(name), visible(old), visible(new))?;
        }
        for (name, sha256) in &project.removed {
            writeln!(out, "  - {} {}", visible(name), visible(sha256))?;
        }
    }
    if !summary.files.is_empty() {
        writeln!(out, "\nOther files:")?;
        for file in &summary.files {
            match &file.fate {
                FileFate::Moved { from } => writeln!(out, "  moved {} from {}", visible(&file.path), visible(from))?,
                fate => writeln!(out, "  {} {}", super::fate(fate), visible(&file.path))?,
            }
        }
    }
    write_promotions("Promotions", &summary.promotions, out)?;
    write_promotions(super::UNSEEN, &summary.unseen_promotions, out)?;
    if summary.unseen_promotions.is_empty() && !summary.unseen.is_empty() {
        writeln!(out, "\n{}:", super::UNSEEN)?;
    }
    for unseen in &summary.unseen {
        writeln!(out, "  {} {}: {}", visible(&unseen.image), visible(&unseen.digest), unseen.reason)?;
    }
    for (path, count) in &summary.untouched {
        writeln!(out, "  {}: {} that stood there before", visible(path), plural(*count, "digest"))?;
    }
    Ok(())
}

fn write_images(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let mut files: BTreeMap<&str, (Vec<&ImageChange>, usize)> = BTreeMap::new();
    for image in &summary.images {
        files.entry(&image.path).or_default().0.push(image);
    }
    for (path, count) in &summary.reordered {
        files.entry(path).or_default().1 = *count;
    }
    for (path, (images, reordered)) in files {
        writeln!(out, "\n{}", visible(path))?;
        for image in images {
            write_image(image, out)?;
        }
        if reordered > 0 {
            writeln!(out, "  puts {} in another place", plural(reordered, "image"))?;
        }
    }
    Ok(())
}

fn write_image(image: &ImageChange, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {}", visible(&image.name))?;
    for (digest, tags) in &image.added {
        writeln!(out, "    + {} {}", visible(digest), visible(&tags.join(", ")))?;
    }
    for (digest, tag) in &image.tagged {
        writeln!(out, "    + tag {} on {}", visible(tag), visible(digest))?;
    }
    for (from, count) in &image.carried {
        writeln!(out, "    > {} from {}, to another production path", super::entries(*count), visible(from))?;
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
    Ok(())
}

fn write_promotions(heading: &str, promotions: &BTreeMap<String, usize>, out: &mut dyn Write) -> io::Result<()> {
    if !promotions.is_empty() {
        writeln!(out, "\n{heading}:")?;
    }
    for (path, count) in promotions {
        writeln!(out, "  {count} to {}", visible(path))?;
    }
    Ok(())
}

//! What can stand in a list of images.

use promolint_analysis::SourceFile;
use promolint_analysis::policy::ImagePolicy;
use promolint_analysis::siblings::TagsByImage;

use super::cursor::Cursor;
use super::place::{Dash, Place};
use super::style::Style;
use super::{Item, ItemKind, escaped, keys, lists};

/// Stands for a tag where none is known.
const TAG: &str = "v1.0.0";

/// A digest with a tag, in column `column`; further lines are indented from `base` on.
pub(super) fn digest_text(style: &Style, tag: &str, column: usize, base: usize) -> String {
    format!("\"sha256:${{1:digest}}\":{}", tags_text(style, tag, column, base))
}

fn tags_text(style: &Style, tag: &str, column: usize, base: usize) -> String {
    let quote = style.list.quote.map(String::from).unwrap_or_default();
    style.list_of(&format!("{quote}${{2:{}}}{quote}", escaped(tag)), column, base)
}

/// What can stand at a place below the key of the images, if they have one.
pub(super) fn complete(policy: &ImagePolicy, file: &SourceFile, cursor: &Cursor<'_>, place: &Place) -> Vec<Item> {
    match (lists::path(cursor, place).as_slice(), cursor.key()) {
        ([] | ["images"], None) => {
            let mut items = keys::in_items(cursor, place, &["name", "dmap"]);
            items.extend(image(cursor, place));
            items
        }
        ([.., "dmap"], None) => digest(policy, file, cursor, place).into_iter().collect(),
        ([.., "dmap", _], _) => tags(policy, file, cursor, place),
        _ => Vec::new(),
    }
}

/// A whole image.
fn image(cursor: &Cursor<'_>, place: &Place) -> Option<Item> {
    let is_free = cursor.is_whole_entry(place) && cursor.typed.is_unquoted();
    let has_keys = place.dash == Dash::Written && ["name", "dmap"].iter().any(|key| place.siblings.contains(*key));
    let dash = place.item(&cursor.style.dash()).filter(|_| is_free && !has_keys)?;
    let column = cursor.column(&dash);
    let inner = column + cursor.style.mapping_offset;
    let digest = digest_text(&cursor.style, TAG, inner, cursor.line.start()).replace("${2:", "${3:").replace("${1:", "${2:");
    let text = format!("{dash}name: ${{1:image}}\n{}dmap:\n{}{digest}", cursor.blanks(column), cursor.blanks(inner));
    let item = Item::new(ItemKind::Snippet, "image", cursor.replace(&text)).snippet(None);
    Some(Item { detail: "an image with a digest and a tag".to_owned(), ..item })
}

/// A digest with a tag; what is typed of the digest stays.
fn digest(policy: &ImagePolicy, file: &SourceFile, cursor: &Cursor<'_>, place: &Place) -> Option<Item> {
    let is_free = cursor.is_whole_entry(place) && place.is_in_mapping();
    let word = cursor.word();
    let hex = word.strip_prefix("sha256:").filter(|hex| !hex.is_empty());
    let digest = hex.map_or("${1:digest}".to_owned(), |hex| if hex.len() < 64 { format!("${{1:{}}}", escaped(hex)) } else { escaped(hex) });
    let known = missing_tags(policy, file, cursor);
    let tags = tags_text(&cursor.style, known.first().map_or(TAG, String::as_str), cursor.line.column, cursor.line.start());
    // The promoter sees no other quotes, whatever the file does.
    let insertion = is_free.then(|| cursor.quoted("", &format!("sha256:{digest}"), Some('"'), &format!(":{tags}")))?;
    let mut item = Item::new(ItemKind::Snippet, "digest", insertion).snippet(None);
    if "sha256:".starts_with(word) || word.starts_with("sha256:") {
        // Otherwise clients would drop it as soon as somebody begins to type what it inserts.
        item.filter = Some(format!("{}{}", item.before_word, if word.is_empty() { "digest" } else { word }));
    }
    Some(Item { detail: "a digest with a tag".to_owned(), ..item })
}

fn tags(policy: &ImagePolicy, file: &SourceFile, cursor: &Cursor<'_>, place: &Place) -> Vec<Item> {
    let known = missing_tags(policy, file, cursor);
    let items = known.iter().filter(|tag| !lists::holds(cursor, place, tag)).filter_map(|tag| {
        let insertion = lists::word(cursor, place, tag)?;
        Some(Item { detail: "on images that move with this one".to_owned(), ..Item::new(ItemKind::Value, tag, insertion) })
    });
    items.collect()
}

/// Tags that images which move with the one at the cursor have, and this one lacks.
fn missing_tags(policy: &ImagePolicy, file: &SourceFile, cursor: &Cursor<'_>) -> Vec<String> {
    let images = file.image_list();
    let Some(own) = images.iter().rfind(|image| image.node.range().start() <= cursor.offset()) else { return Vec::new() };
    // What is being typed is no tag yet.
    let tags = TagsByImage::of_words(images, |word| !cursor.is_at(word.range()));
    tags.missing(policy, own.name_str()).into_iter().map(str::to_owned).collect()
}

//! Text for people: counted things, and Markdown that no name can break.

/// `1 digest`, `2 digests`.
pub fn counted(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// Code within a line, whatever stands in it.
pub fn code(text: &str) -> String {
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() { shown.extend(character.escape_default()) } else { shown.push(character) }
    }
    // Backticks stand between longer runs of them.
    let longest = shown.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 { " " } else { "" };
    format!("{fence}{blank}{shown}{blank}{fence}")
}

/// All of them as code, with commas between.
pub fn codes<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// A name as a title; as code where Markdown could read something into it.
pub fn title(name: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-./:@".contains(character);
    if !name.is_empty() && name.chars().all(is_plain) { format!("**{name}**") } else { format!("**{}**", code(name)) }
}

#[cfg(test)]
mod tests {
    use super::{code, counted, title};

    #[test]
    fn names_do_not_break_markdown() {
        for (name, expected) in
            [("v1", "`v1`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a\nb", "`a\\nb`"), ("a*b", "`a*b`"), ("", "(empty)")]
        {
            assert_eq!(code(name), expected);
        }
        for (name, expected) in [("k8s.io/a-b:v1", "**k8s.io/a-b:v1**"), ("a*b", "**`a*b`**"), ("a_b", "**`a_b`**")] {
            assert_eq!(title(name), expected);
        }
    }

    #[test]
    fn one_is_no_plural() {
        assert_eq!([0, 1, 2].map(|number| counted(number, "tag")), ["0 tags", "1 tag", "2 tags"]);
    }
}

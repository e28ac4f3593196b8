//! The grammar of image names.

/// Whether a text is a path below a registry: components parted by `/`.
pub fn is_image_name(text: &str) -> bool {
    text.split('/').all(is_component)
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_component(text: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let ends_well = bytes.first().is_some_and(is_word) && bytes.last().is_some_and(is_word);
    ends_well
        && bytes.split(is_word).all(|separator| match separator {
            [] | [b'.' | b'_'] | [b'_', b'_'] => true,
            dashes => dashes.iter().all(|byte| *byte == b'-'),
        })
}

#[cfg(test)]
mod tests {
    use super::is_image_name;

    #[test]
    fn names() {
        for good in ["a", "e2e-test-images", "a.b", "a_b", "a__b", "a--b", "0", "charts/widget"] {
            assert!(is_image_name(good), "{good}");
        }
        for bad in ["", "A", "a:b", "a b", "-a", "a-", "a..b", "a___b", "a.-b", "é", "/a", "a/", "a//b"] {
            assert!(!is_image_name(bad), "{bad}");
        }
    }
}

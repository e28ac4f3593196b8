//! What ends the lines of a text.

/// How many lines end in what.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct LineBreaks {
    /// LF alone.
    pub lf: usize,
    /// CR and LF.
    pub crlf: usize,
    /// CR alone, NEL, LS, PS.
    pub odd: usize,
}

impl LineBreaks {
    /// Counts in one pass. `lines` is how many end in LF, with or without CR.
    pub(super) fn count(text: &str, lines: usize) -> Self {
        let bytes = text.as_bytes();
        let (mut crlf, mut odd) = (0, 0);
        for at in memchr::memchr_iter(b'\r', bytes) {
            if bytes.get(at + 1) == Some(&b'\n') { crlf += 1 } else { odd += 1 }
        }
        if !text.is_ascii() {
            odd += text.matches(['\u{85}', '\u{2028}', '\u{2029}']).count();
        }
        Self { lf: lines - crlf, crlf, odd }
    }

    /// Whether most lines end in CRLF.
    pub fn prefers_crlf(self) -> bool {
        self.crlf > self.lf
    }
}

//! Exit codes.

/// How a run ends; ordered so that the greater one wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Exit {
    /// Nothing at or above `--fail-on`.
    Success,
    /// Findings.
    Findings,
    /// Wrong usage or configuration.
    Usage,
    /// Something could not be read or written.
    InputOutput,
}

impl Exit {
    /// The number that the shell sees.
    pub(crate) fn code(self) -> i32 {
        match self {
            Self::Success => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::InputOutput => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn a_failure_to_read_wins_over_findings() {
        assert_eq!(Exit::Findings.max(Exit::InputOutput).code(), 3);
    }
}

//! Where a CI system collects reports. Prow shows every `junit*.xml` below `$ARTIFACTS` beside the job.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::arguments::OutputFile;
use crate::report::Format;

/// Looks an environment variable up; the process's own are [`std::env::var_os`].
type Environment<'e> = dyn Fn(&str) -> Option<OsString> + 'e;

/// Its name has to begin with `junit`.
const FILE_NAME: &str = "junit_promolint.xml";

/// The report that Prow shows, unless the user sends one somewhere.
pub(crate) fn prow_report(environment: &Environment<'_>, outputs: &[OutputFile]) -> Option<OutputFile> {
    let file = prow_artifacts(environment)?.join(FILE_NAME);
    let is_taken = outputs.iter().any(|output| output.format == Format::Junit || output.file.as_ref() == Some(&file));
    (!is_taken).then_some(OutputFile { format: Format::Junit, file: Some(file) })
}

/// `$ARTIFACTS`, under Prow only: others use the name for other things.
fn prow_artifacts(environment: &Environment<'_>) -> Option<PathBuf> {
    let variable = |name| environment(name).filter(|value| !value.is_empty());
    variable("JOB_NAME")?;
    variable("PROW_JOB_ID").or_else(|| variable("JOB_SPEC"))?;
    variable("ARTIFACTS").map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(variables: &[(&str, &str)], outputs: &[OutputFile]) -> Option<PathBuf> {
        let environment = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
        prow_report(&environment, outputs).and_then(|output| output.file)
    }

    #[test]
    fn prow_is_told_from_others() {
        let (artifacts, job, id, spec) = (("ARTIFACTS", "/logs/artifacts"), ("JOB_NAME", "lint"), ("PROW_JOB_ID", "1"), ("JOB_SPEC", "{}"));
        for (variables, expected) in [
            (&[artifacts, job, id][..], true),
            (&[artifacts, job, spec], true),
            (&[artifacts, job, id, spec, ("CI", "true")], true),
            (&[artifacts, job], false),
            (&[artifacts, id], false),
            (&[job, id], false),
            (&[("ARTIFACTS", ""), job, id], false),
            (&[artifacts, job, ("PROW_JOB_ID", "")], false),
            (&[], false),
        ] {
            let expected = expected.then(|| PathBuf::from("/logs/artifacts/junit_promolint.xml"));
            assert_eq!(report(variables, &[]), expected, "{variables:?}");
        }
    }

    #[test]
    fn what_the_user_says_wins() {
        let prow = [("ARTIFACTS", "/a"), ("JOB_NAME", "lint"), ("PROW_JOB_ID", "1")];
        let output = |format, file: &str| [OutputFile { format, file: Some(file.into()) }];
        assert_eq!(report(&prow, &output(Format::Junit, "mine.xml")), None);
        assert_eq!(report(&prow, &output(Format::Json, "/a/junit_promolint.xml")), None);
        assert!(report(&prow, &output(Format::Sarif, "lint.sarif")).is_some());
    }
}

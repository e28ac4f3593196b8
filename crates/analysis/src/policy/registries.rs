//! Registries by the policy's patterns: sources with their project, destinations with their sub-path.

use super::{ImagePolicy, SourcePolicy, fill};

/// A registry that images may come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Source<'p, 't> {
    /// The policy for its kind.
    pub policy: &'p SourcePolicy,
    /// The project in its name.
    pub project: &'t str,
}

/// A production registry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Destination<'p, 't> {
    /// The pattern it matches.
    pub pattern: &'p str,
    /// The region in its name, `""` for a pattern without one.
    pub region: &'p str,
    /// What stands behind the production registry, without leading `/`; `""` for its root.
    pub sub_path: &'t str,
}

impl ImagePolicy {
    /// What a project's source is by its name; `None` for others, and for those that no project has for itself.
    pub fn source<'t>(&self, name: &'t str) -> Option<Source<'_, 't>> {
        self.sources.iter().find_map(|policy| {
            let (before, after) = policy.pattern.split_once("<project>")?;
            let project = name.strip_prefix(before)?;
            // A folder below the project's registry still belongs to the project.
            if project.split('/').any(str::is_empty) {
                return None;
            }
            let project = if after.is_empty() { project.split('/').next()? } else { project.strip_suffix(after)? };
            (!project.is_empty()).then_some(Source { policy, project })
        })
    }

    /// Whether images may come from a registry: from one of a project, or from one that all projects share, which
    /// the policy names without `<project>`.
    pub fn may_be_source(&self, name: &str) -> bool {
        self.source(name).is_some() || self.sources.iter().any(|policy| !policy.pattern.contains("<project>") && policy.pattern == name)
    }

    /// What a destination is by its name; `None` if it is no production registry.
    pub fn destination<'t>(&self, name: &'t str) -> Option<Destination<'_, 't>> {
        self.destinations.iter().find_map(|pattern| {
            let (region, rest) = match pattern.split_once("<region>") {
                None => ("", name.strip_prefix(pattern.as_str())?),
                Some((before, after)) => {
                    let name = name.strip_prefix(before)?;
                    let behind = |region: &str| name.strip_prefix(region)?.strip_prefix(after);
                    self.regions.iter().find_map(|region| Some((region.as_str(), behind(region)?)))?
                }
            };
            let sub_path = if rest.is_empty() { rest } else { rest.strip_prefix('/')? };
            Some(Destination { pattern, region, sub_path })
        })
    }

    /// All production registries with this sub-path.
    pub fn all_destinations(&self, sub_path: &str) -> Vec<String> {
        let names = self.destinations.iter().flat_map(|pattern| self.regions_of(pattern).map(|region| fill(pattern, region)));
        names.map(|name| if sub_path.is_empty() { name } else { format!("{name}/{sub_path}") }).collect()
    }

    fn regions_of(&self, pattern: &str) -> impl Iterator<Item = &str> {
        let none = (!pattern.contains("<region>")).then_some("");
        let regions = self.regions.iter().map(String::as_str).filter(move |_| none.is_none());
        none.into_iter().chain(regions)
    }

    /// Whether an image is the one of a single architecture beside another: `widget-arm64` beside `widget`.
    pub fn is_architecture_of(&self, child: &str, parent: &str) -> bool {
        let suffix = child.strip_prefix(parent).and_then(|rest| rest.strip_prefix('-'));
        suffix.is_some_and(|suffix| self.architectures.iter().any(|architecture| architecture == suffix))
    }

    /// The name of an image without its architecture.
    pub fn without_architecture<'n>(&self, name: &'n str) -> &'n str {
        let parent = name.rsplit_once('-').map(|(parent, _)| parent);
        parent.filter(|parent| self.is_architecture_of(name, parent)).unwrap_or(name)
    }

    /// Whether two images differ in the architecture only.
    pub fn are_one_image(&self, name: &str, other: &str) -> bool {
        self.without_architecture(name) == self.without_architecture(other)
    }

    /// The project in the name of a directory, if it follows the pattern.
    pub fn directory_project<'t>(&self, directory: &'t str) -> Option<&'t str> {
        super::capture(&self.directory, directory)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Policy;

    #[test]
    fn a_shared_source_belongs_to_no_project() {
        let mut images = Policy::builtin().images;
        images.sources[0].pattern = "registry.acme.example/staging".to_owned();
        assert!(
            images.may_be_source("registry.acme.example/staging")
                && images.may_be_source("us-central1-docker.pkg.dev/k8s-staging-images/x")
        );
        assert!(!images.may_be_source("registry.acme.example/staging/x") && !images.may_be_source("gcr.io/k8s-staging-x"));
        assert_eq!(images.source("registry.acme.example/staging"), None);
    }

    #[test]
    fn sources_and_destinations() {
        let images = Policy::builtin().images;
        assert_eq!(images.source("gcr.io/k8s-staging-kueue").unwrap().project, "kueue");
        assert_eq!(images.source("us-central1-docker.pkg.dev/k8s-staging-images/kueue/charts").unwrap().project, "kueue");
        assert_eq!(images.source("gcr.io/other"), None);
        let destination = images.destination("us-west1-docker.pkg.dev/k8s-artifacts-prod/images/kueue").unwrap();
        assert_eq!((destination.region, destination.sub_path), ("us-west1", "kueue"));
        assert_eq!(images.destination("us-west1-docker.pkg.dev/k8s-artifacts-prod/images").unwrap().sub_path, "");
        assert_eq!(images.destination("us-west1-docker.pkg.dev/k8s-artifacts-prod/imagesx"), None);
        assert_eq!(images.destination("us-west9-docker.pkg.dev/k8s-artifacts-prod/images/x"), None);
        assert_eq!(images.all_destinations("x").len(), 22);
    }
}

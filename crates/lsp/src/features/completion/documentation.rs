//! What the keys mean.

/// A sentence on a key, in Markdown.
pub(super) fn of(key: &str) -> &'static str {
    match key {
        "name" => "In `images.yaml` the image, without registry and tag; in `registries` the registry; in `files` the path below the filestore.",
        "dmap" => "Digests and the tags that each of them shall have: `\"sha256:…\": [\"v1.0.0\"]`. Digests must be double-quoted, one on a line: the promoter does not see others in a change.",
        "registries" => "Exactly one source (`src: true`), then every production registry with the service account that writes to it.",
        "images" => "The images of a plain manifest, as in `images.yaml`.",
        "src" => "`true` for the registry or filestore that is promoted from. Exactly one has it.",
        "service-account" => "The account that writes to this destination. Sources have none.",
        "filestores" => "Exactly one source (`src: true`), then the buckets to promote to.",
        "base" => "A bucket with a path: `gs://bucket/path` or `s3://bucket/path`.",
        "files" => "The files to promote: `name` below the filestore, and `sha256`.",
        "sha256" => "The checksum of the file: 64 hex digits.",
        "approvers" => "Who may approve: logins and aliases.",
        "reviewers" => "Who is asked for a review: logins and aliases.",
        "required_reviewers" => "Who is always asked for a review.",
        "emeritus_approvers" | "emeritus_reviewers" => "Who was one once; nothing depends on it.",
        "labels" => "Labels that pull requests to this directory get.",
        "options" => "`no_parent_owners`, `auto_approve_unowned_subfolders`.",
        "no_parent_owners" => "`true`: people named in the directories above count no more.",
        "auto_approve_unowned_subfolders" => "`true`: directories below without OWNERS need no approval.",
        "filters" => "People by file name: a regular expression (RE2), then the keys of OWNERS. At the top only `options` may stand beside it.",
        "aliases" => "Names for groups of logins, for use in OWNERS.",
        _ => "",
    }
}

//! promoter-manifest.yaml, and what belongs to it across the tree.

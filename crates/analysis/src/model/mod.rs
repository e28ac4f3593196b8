//! Typed views of the files, read as the promoter reads them.
//!
//! A model borrows from its document and keeps the place of everything in it. What does not fit the
//! shape of a file is a [`Problem`], which the rules of the category "form" report; the rest is
//! read all the same.

mod binary;
mod digest;
mod files;
mod image_name;
mod image_tags;
mod images;
mod owners;
mod problem;
mod promoter;
mod reader;
mod tag;

use promolint_syntax::{Document, Node};

use crate::file::FileKind;

pub use digest::{Digest, DigestFlaw};
pub use files::{FileEntry, FileManifest, FilePromoterManifest, Filestore, Location, is_sha256};
pub use image_name::is_image_name;
pub use image_tags::{ImageTagsFile, TaggedImage, TaggedVersion};
pub use images::{DigestEntry, DigestMap, Image, ImagesFile};
pub use owners::{Misfit, MisfitRole, NameList, OwnersFile, OwnersLevel, Role, UnknownOwnersKey};
pub use problem::{Problem, ProblemKind, Shape};
pub use promoter::{PromoterManifest, Registry};
pub use reader::Word;
pub use tag::{Tag, Version};

pub(crate) use reader::Reader;

/// What a file says.
#[derive(Debug)]
pub enum Model<'a> {
    /// images.yaml
    Images(ImagesFile<'a>),
    /// promoter-manifest.yaml and plain manifests.
    Promoter(PromoterManifest<'a>),
    /// filepromoter-manifest.yaml
    FilePromoter(FilePromoterManifest<'a>),
    /// A file manifest.
    Files(FileManifest<'a>),
    /// Kubeflow's `image_tags.yaml`.
    ImageTags(ImageTagsFile<'a>),
    /// OWNERS
    Owners(OwnersFile<'a>),
    /// `OWNERS_ALIASES`
    OwnersAliases(OwnersFile<'a>),
    /// Nothing is read from the file here.
    Other,
}

impl<'a> Model<'a> {
    /// The images of images.yaml and of plain manifests.
    pub fn image_list(&self) -> &[Image<'a>] {
        match self {
            Self::Images(images) => &images.images,
            Self::Promoter(promoter) => &promoter.images,
            _ => &[],
        }
    }
}

/// A file's model, and what does not fit its shape.
#[derive(Debug)]
pub struct Reading<'a> {
    /// What the file says.
    pub model: Model<'a>,
    /// What does not fit.
    pub problems: Vec<Problem<'a>>,
}

/// Reads a file's model and what is wrong with its shape.
pub(crate) fn read(kind: FileKind, document: &Document) -> Reading<'_> {
    let root: Option<Node<'_>> = document.root();
    let mut reader = Reader::new(kind, document);
    let model = match kind {
        FileKind::Images => Model::Images(images::read_file(&mut reader, root)),
        FileKind::PromoterManifest => Model::Promoter(promoter::read(&mut reader, root, false)),
        FileKind::PlainManifest => Model::Promoter(promoter::read(&mut reader, root, true)),
        FileKind::FilePromoterManifest => Model::FilePromoter(files::read_promoter(&mut reader, root)),
        FileKind::FileManifest => Model::Files(files::read_manifest(&mut reader, root)),
        FileKind::ImageTags => Model::ImageTags(image_tags::read(&mut reader, root)),
        FileKind::Owners => Model::Owners(owners::read_owners(&mut reader, root)),
        FileKind::OwnersAliases => Model::OwnersAliases(owners::read_aliases(&mut reader, root)),
        FileKind::Groups | FileKind::Infra | FileKind::RegistriesTf => Model::Other,
    };
    Reading { model, problems: reader.into_problems() }
}

//! The whole that is judged: trees, facts, files.
use crate::file::SourceFile;
/// stub
#[derive(Debug)]
pub struct Repository<'a> { /// stub
 pub files: Vec<&'a SourceFile> }
/// stub
#[derive(Debug)]
pub struct FileContext<'a> { /// stub
 pub file: &'a SourceFile }

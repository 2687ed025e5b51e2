//! Fingerprints of inputs, to skip what is already done.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};

/// A fingerprint of files, folders and words. Equal inputs give equal fingerprints on one version of this program,
/// which is all that a skip needs.
#[derive(Default)]
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Adds a word.
    pub(crate) fn word(mut self, word: &str) -> Self {
        word.hash(&mut self.0);
        self
    }

    /// Adds a file, or all files of a folder, by name and content. What is absent counts as absent.
    pub(crate) fn path(mut self, path: &Path) -> Result<Self> {
        self.add(path).with_context(|| format!("reading {}", path.display()))?;
        Ok(self)
    }

    /// Whether `stamp` holds this fingerprint.
    pub(crate) fn matches(&self, stamp: &Path) -> bool {
        fs::read_to_string(stamp).is_ok_and(|kept| kept == self.text())
    }

    /// Keeps this fingerprint in `stamp`.
    pub(crate) fn keep(&self, stamp: &Path) -> Result<()> {
        if let Some(folder) = stamp.parent() {
            fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        fs::write(stamp, self.text()).with_context(|| format!("writing {}", stamp.display()))
    }

    /// Makes what `stamp` stands for. Until that has come to its end, `stamp` holds nothing.
    pub(crate) fn make(&self, stamp: &Path, made: impl FnOnce() -> Result<()>) -> Result<()> {
        if let Err(error) = fs::remove_file(stamp)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(error).with_context(|| format!("removing {}", stamp.display()));
        }
        made()?;
        self.keep(stamp)
    }

    fn text(&self) -> String {
        format!("{:016x}", self.0.finish())
    }

    fn add(&mut self, path: &Path) -> std::io::Result<()> {
        path.file_name().hash(&mut self.0);
        if path.is_dir() {
            let mut entries: Vec<_> =
                fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
            entries.sort();
            entries.len().hash(&mut self.0);
            entries.iter().try_for_each(|entry| self.add(entry))
        } else if path.is_file() {
            fs::read(path)?.hash(&mut self.0);
            Ok(())
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn of(folder: &Path) -> String {
        Fingerprint::default().path(folder).unwrap().text()
    }

    /// DEV-06: a changed, added, renamed or removed file changes the fingerprint; nothing else does.
    #[test]
    fn every_change_of_an_input_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a.rs"), folder.path().join("b.rs"));
        fs::write(&a, "one").unwrap();
        let first = of(folder.path());
        fs::write(&a, "one").unwrap();
        assert_eq!(first, of(folder.path()));
        fs::write(&a, "two").unwrap();
        assert_ne!(first, of(folder.path()));
        fs::write(&a, "one").unwrap();
        fs::write(&b, "").unwrap();
        assert_ne!(first, of(folder.path()));
        fs::remove_file(&b).unwrap();
        fs::rename(&a, &b).unwrap();
        assert_ne!(first, of(folder.path()));
    }

    /// DEV-06: a kept fingerprint matches itself, another or a missing stamp does not.
    #[test]
    fn a_stamp_matches_only_its_inputs() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = folder.path().join("deep/stamp");
        let print = Fingerprint::default().word("dev");
        assert!(!print.matches(&stamp));
        print.keep(&stamp).unwrap();
        assert!(print.matches(&stamp));
        assert!(!Fingerprint::default().word("release").matches(&stamp));
    }

    /// DEV-06: while something is made anew, and where that fails, its stamp matches nothing.
    #[test]
    fn what_is_not_finished_has_no_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = folder.path().join("stamp");
        let print = Fingerprint::default().word("dev");
        for _ in 0..2 {
            let during = || {
                assert!(!print.matches(&stamp));
                Ok(())
            };
            print.make(&stamp, during).unwrap();
            assert!(print.matches(&stamp));
        }
        print.make(&stamp, || anyhow::bail!("broken off")).unwrap_err();
        assert!(!print.matches(&stamp));
    }
}

//! Brotli and gzip copies, made once here rather than for each request.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;

/// How long the compressors may think.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Effort {
    /// Some seconds, for what is shipped.
    Best,
    /// No noticeable time, for development.
    Quick,
}

/// Formats that carry their own compression.
const COMPRESSED: [&str; 8] = ["png", "jpg", "jpeg", "webp", "avif", "woff2", "br", "gz"];

/// Bytes below which a compressed copy is not worth a file.
const SMALLEST: u64 = 256;

/// Writes `<file>.br` and `<file>.gz` beside every compressible file under `folder`.
pub(crate) fn beside_each(folder: &Path, effort: Effort) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let (path, metadata) = entry.and_then(|entry| Ok((entry.path(), entry.metadata()?)))?;
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if metadata.is_dir() {
            beside_each(&path, effort)?;
        } else if metadata.len() >= SMALLEST && !COMPRESSED.contains(&extension) {
            let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            write(&path, "br", &brotli(&bytes, effort)?)?;
            write(&path, "gz", &gzip(&bytes, effort)?)?;
        }
    }
    Ok(())
}

/// The bytes in Brotli, quality 11 at best effort.
pub(crate) fn brotli(bytes: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let quality = if effort == Effort::Best { 11 } else { 4 };
    // A module is of many kinds of bytes: blocks of 128 KB fit them better than those that an encoder chooses.
    let how = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: 22,
        lgblock: 17,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut { bytes }, &mut packed, &how).context("compressing with Brotli")?;
    Ok(packed)
}

fn gzip(bytes: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let level = if effort == Effort::Best { flate2::Compression::best() } else { flate2::Compression::fast() };
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
    writer.write_all(bytes).context("compressing with gzip")?;
    writer.finish().context("compressing with gzip")
}

fn write(path: &Path, suffix: &str, bytes: &[u8]) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    File::create(&name)
        .and_then(|mut file| file.write_all(bytes))
        .with_context(|| format!("writing {}", Path::new(&name).display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Read;

    use super::*;

    /// DEV-07: what is compressible gets both copies, which unpack to the same bytes; an image gets none.
    #[test]
    fn copies_unpack_to_the_original() {
        let folder = tempfile::tempdir().unwrap();
        let pkg = folder.path().join("pkg");
        fs::create_dir(&pkg).unwrap();
        let text = "add a task to buy groceries\n".repeat(100);
        fs::write(pkg.join("a.js"), &text).unwrap();
        fs::write(pkg.join("icon.png"), &text).unwrap();
        beside_each(folder.path(), Effort::Quick).unwrap();

        let mut unpacked = String::new();
        brotli::Decompressor::new(File::open(pkg.join("a.js.br")).unwrap(), 4096)
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
        unpacked.clear();
        flate2::read::GzDecoder::new(File::open(pkg.join("a.js.gz")).unwrap()).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        assert!(!pkg.join("icon.png.br").exists());
    }

    /// DEV-07: a second pass does not compress the copies again.
    #[test]
    fn copies_are_not_compressed_again() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.css"), "a{}".repeat(500)).unwrap();
        beside_each(folder.path(), Effort::Quick).unwrap();
        beside_each(folder.path(), Effort::Quick).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}

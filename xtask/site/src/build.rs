//! Bundling: bindings for the WASM, one style sheet, hashed names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use sha2::{Digest, Sha256};
use walrus::Module;
use wasm_bindgen_cli_support::Bindgen;

use crate::Manifest;
use crate::compress::{self, Effort};

/// Digits of the content hash in a file's name: 64 bits.
const HASH_DIGITS: usize = 16;

/// What the module calls the script that binds it to the browser.
const BINDINGS: &str = "./saydo_bg.js";

/// What the exports, and the classes, of `wasm-streams` have in their names.
const STREAM_EXPORTS: &str = "intounderlying";
const STREAM_CLASSES: &str = "IntoUnderlying";

#[derive(Args)]
pub(crate) struct Sources {
    /// The module that the compiler made for wasm32.
    #[arg(long)]
    wasm: PathBuf,
    /// The style sheet that imports all others.
    #[arg(long)]
    style: PathBuf,
    /// Files that are served as they are, from the root.
    #[arg(long)]
    public: PathBuf,
    /// The folder to write; what was there is replaced as a whole.
    #[arg(long)]
    out: PathBuf,
    /// How long the compressors may think.
    #[arg(long, value_enum, default_value_t = Effort::Best)]
    effort: Effort,
}

/// Builds the site beside its final place and then swaps it in, so that a server never sees half of it.
pub(crate) fn build(sources: &Sources) -> Result<()> {
    // Of this process alone: two builds at once must not write into one folder.
    let next = sources.out.with_extension(format!("next-{}", std::process::id()));
    remove(&next)?;
    let pkg = next.join("pkg");
    fs::create_dir_all(&pkg).with_context(|| format!("creating {}", pkg.display()))?;

    let css = bundle_css(&sources.style)?;
    let (js, wasm) = bind(&sources.wasm, &pkg, sources.effort)?;
    let manifest = Manifest {
        js: write_hashed(&pkg, "js", js.as_bytes())?,
        wasm: write_hashed(&pkg, "wasm", &wasm)?,
        css: write_hashed(&pkg, "css", css.as_bytes())?,
    };
    if sources.public.is_dir() {
        copy_tree(&sources.public, &next)?;
    }
    compress::beside_each(&next, sources.effort)?;
    let text = serde_json::to_string_pretty(&manifest).context("writing the manifest")? + "\n";
    fs::write(Manifest::path(&next), text).context("writing the manifest")?;

    remove(&sources.out)?;
    fs::rename(&next, &sources.out).with_context(|| format!("moving the site to {}", sources.out.display()))
}

/// Returns the script and the module. Scripts that the script imports (`snippets`) are left in `pkg`.
fn bind(wasm: &Path, pkg: &Path, effort: Effort) -> Result<(String, Vec<u8>)> {
    let mut output = Bindgen::new()
        .input_path(wasm)
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .out_name("saydo")
                .typescript(false)
                // The page passes the module's address, which carries a hash; the script must not guess one.
                .omit_default_module_path(true)
                // Names make a panic's trace readable, and half of the bytes.
                .remove_name_section(effort == Effort::Best)
                .remove_producers_section(true)
                .generate_output()
        })
        .with_context(|| format!("making bindings for {}", wasm.display()))?;
    drop_exports(output.wasm_mut());
    // What tells tools of the build; a browser reads none of it.
    let custom: Vec<_> = output.wasm_mut().customs.iter().map(|(id, _)| id).collect();
    custom.into_iter().for_each(|id| drop(output.wasm_mut().customs.delete(id)));
    // The names of imports end in hashes, which do not compress: 5 KB of Brotli in both files together.
    let mut imports = Vec::new();
    if effort == Effort::Best {
        for import in output.wasm_mut().imports.iter_mut().filter(|import| import.module == BINDINGS) {
            let short = format!("i{:x}", imports.len());
            imports.push((std::mem::replace(&mut import.name, short.clone()), short));
        }
    }
    output.emit(pkg).context("writing the bindings")?;
    let (script, module) = (pkg.join("saydo.js"), pkg.join("saydo_bg.wasm"));
    let mut text = fs::read_to_string(&script).with_context(|| format!("reading {}", script.display()))?;
    let bytes = fs::read(&module).with_context(|| format!("reading {}", module.display()))?;
    fs::remove_file(script)?;
    fs::remove_file(module)?;
    text = without_classes(&text)?;
    rename(&mut text, &imports)?;
    if effort == Effort::Best {
        text = without_comments(&text)?;
    }
    Ok((text, bytes))
}

/// Drops exports that nobody calls, and what only they use: they come with the server functions of Leptos, of which we
/// have none.
fn drop_exports(module: &mut Module) {
    let is_unused = |export: &&walrus::Export| export.name.contains(STREAM_EXPORTS);
    let unused: Vec<_> = module.exports.iter().filter(is_unused).map(walrus::Export::id).collect();
    unused.into_iter().for_each(|export| module.exports.delete(export));
    walrus::passes::gc::run(module);
}

/// The script without the classes of those exports. A statement begins where a line does, without indentation.
fn without_classes(script: &str) -> Result<String> {
    let mut kept = String::new();
    let mut is_dropped = false;
    for line in script.lines() {
        if !line.is_empty() && !line.starts_with([' ', '}']) {
            is_dropped = line.contains(STREAM_CLASSES);
        }
        if !is_dropped {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    ensure!(!kept.contains(STREAM_CLASSES), "the bindings use {STREAM_CLASSES}");
    Ok(kept)
}

/// The script without comments of whole lines and without indentation, which are a seventh of it when compressed.
fn without_comments(script: &str) -> Result<String> {
    let mut kept = String::new();
    for line in script.lines().map(str::trim) {
        ensure!(
            !line.starts_with("/*") || line.find("*/").is_none_or(|end| end + 2 == line.len()),
            "code behind {line}"
        );
        ensure!(line.matches('`').count() % 2 == 0, "a text of several lines in the bindings: {line}");
        if !line.is_empty() && !["//", "/*", "*"].iter().any(|mark| line.starts_with(mark)) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    Ok(kept)
}

/// Gives what a script offers to its module the names that the module asks for.
fn rename(script: &mut String, names: &[(String, String)]) -> Result<()> {
    for (long, short) in names {
        let key = format!(" {long}: function(");
        ensure!(script.matches(&key).count() == 1, "the bindings offer no {long}, or two");
        *script = script.replacen(&key, &format!(" {short}: function("), 1);
    }
    Ok(())
}

fn bundle_css(entry: &Path) -> Result<String> {
    let files = FileProvider::new();
    let mut sheet = Bundler::new(&files, None, ParserOptions::default())
        .bundle(entry)
        .map_err(|fault| anyhow!("{}: {fault}", entry.display()))?;
    sheet.minify(MinifyOptions::default()).map_err(|fault| anyhow!("{}: {fault}", entry.display()))?;
    let printed = sheet.to_css(PrinterOptions { minify: true, ..PrinterOptions::default() })?;
    Ok(printed.code)
}

/// Writes `pkg/saydo-<hash>.<extension>` and returns its URL path.
fn write_hashed(pkg: &Path, extension: &str, bytes: &[u8]) -> Result<String> {
    let digest = Sha256::digest(bytes);
    let mut hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hash.truncate(HASH_DIGITS);
    let name = format!("saydo-{hash}.{extension}");
    fs::write(pkg.join(&name), bytes).with_context(|| format!("writing {name}"))?;
    Ok(format!("/pkg/{name}"))
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| format!("copying {}", entry.path().display()))?;
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
            Err(fault).with_context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// DEV-08: the imports of the entry style sheet end up in one minified sheet, in their order.
    #[test]
    fn imports_become_one_sheet() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.css"), "@import \"tokens.css\";\n@import \"chat.css\";\n").unwrap();
        fs::write(folder.path().join("tokens.css"), ":root {\n  --gap: 4px;\n}\n").unwrap();
        fs::write(folder.path().join("chat.css"), "/* why */ .chat { margin: 0px; }\n").unwrap();
        let css = bundle_css(&folder.path().join("main.css")).unwrap();
        assert_eq!(css, ":root{--gap:4px}.chat{margin:0}");
    }

    /// DEV-08: a fault in a style sheet names the file.
    #[test]
    fn a_missing_import_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.css"), "@import \"absent.css\";\n").unwrap();
        let fault = bundle_css(&folder.path().join("main.css")).unwrap_err().to_string();
        assert!(fault.contains("main.css"), "{fault}");
    }

    /// DEV-08: the script offers its functions under the names that the module asks for, and each of them.
    #[test]
    fn imports_are_renamed() {
        let names = [("__wbg_log_1f".to_owned(), "i0".to_owned()), ("__wbg_log_1".to_owned(), "i1".to_owned())];
        let mut script = "return { __wbg_log_1f: function(a) { }, __wbg_log_1: function() { } }".to_owned();
        rename(&mut script, &names).unwrap();
        assert_eq!(script, "return { i0: function(a) { }, i1: function() { } }");
        assert!(rename(&mut script, &names).unwrap_err().to_string().contains("__wbg_log_1f"));
    }

    /// DEV-08: comments and indentation are left out, texts stay as they are.
    #[test]
    fn the_script_has_no_comments() {
        let script = "/**\n * Runs.\n */\nfunction run() {\n    // Now.\n    return `/* ${1} */ // `;\n\n}\n";
        assert_eq!(without_comments(script).unwrap(), "function run() {\nreturn `/* ${1} */ // `;\n}\n");
        assert!(without_comments("`one\n  two`").is_err());
    }

    /// DEV-08: classes that nobody uses are left out.
    #[test]
    fn the_script_has_no_unused_classes() {
        let script =
            "let a;\nexport class IntoUnderlyingSink {\n    free() {\n    }\n}\n\nfunction run() {\n    a();\n}\n";
        assert_eq!(without_classes(script).unwrap(), "let a;\nfunction run() {\n    a();\n}\n");
        assert!(without_classes("function run() {\n    new IntoUnderlyingSink();\n}\n").is_err());
    }

    /// DEV-07: equal bytes get equal names, other bytes another name.
    #[test]
    fn names_follow_content() {
        let folder = tempfile::tempdir().unwrap();
        let first = write_hashed(folder.path(), "css", b"a{}").unwrap();
        assert_eq!(first, write_hashed(folder.path(), "css", b"a{}").unwrap());
        assert_ne!(first, write_hashed(folder.path(), "css", b"b{}").unwrap());
        assert!(first.starts_with("/pkg/saydo-") && first.ends_with(".css"), "{first}");
        assert_eq!(fs::read(folder.path().join(first.trim_start_matches("/pkg/"))).unwrap(), b"a{}");
    }
}

//! `cargo xtask specs`: every acceptance criterion has a test, and every test names a known criterion.

mod criteria;
mod rust;
mod scripts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use criteria::Criterion;

/// Folders without tests of ours.
const SKIPPED: [&str; 6] = ["target", "node_modules", ".git", "data", "test-results", "screenshots"];

/// A test's claim to show a criterion.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The criterion's id.
    id: String,
    /// The line of the test, from 1.
    line: usize,
}

/// Checks the tree under `root`, and says in one line per page how many criteria it has.
pub(crate) fn check(root: &Path) -> Result<String> {
    let mut criteria = Vec::new();
    for page in files(&root.join("specs"))?.into_iter().filter(|path| has_extension(path, &["md"])) {
        criteria.extend(criteria::of_page(&read(&page)?).into_iter().map(|criterion| (page.clone(), criterion)));
    }
    let mut claims = Vec::new();
    for file in files(root)? {
        let of_text: fn(&str) -> Vec<Claim> = match file.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => rust::claims,
            Some("ts" | "mts" | "mjs" | "js") => scripts::claims_of_typescript,
            Some("py") => scripts::claims_of_python,
            _ => continue,
        };
        claims.extend(of_text(&read(&file)?).into_iter().map(|claim| (file.clone(), claim)));
    }
    let faults = faults(root, &criteria, &claims);
    if !faults.is_empty() {
        bail!("specifications and tests disagree:\n{}", faults.join("\n"));
    }
    Ok(summary(&criteria, claims.len()))
}

fn faults(root: &Path, criteria: &[(PathBuf, Criterion)], claims: &[(PathBuf, Claim)]) -> Vec<String> {
    let place = |path: &Path, line: usize| format!("{}:{line}", path.strip_prefix(root).unwrap_or(path).display());
    let mut faults = Vec::new();
    let mut known: BTreeMap<&str, String> = BTreeMap::new();
    for (page, criterion) in criteria {
        let here = place(page, criterion.line);
        if let Some(first) = known.get(criterion.id.as_str()) {
            faults.push(format!("  {here}: {} is already at {first}", criterion.id));
        } else {
            known.insert(&criterion.id, here);
        }
    }
    let tested: BTreeSet<&str> = claims.iter().map(|(_, claim)| claim.id.as_str()).collect();
    for (id, here) in known.iter().filter(|(id, _)| !tested.contains(*id)) {
        faults.push(format!("  {here}: no test names {id}"));
    }
    for (file, claim) in claims.iter().filter(|(_, claim)| !known.contains_key(claim.id.as_str())) {
        faults.push(format!("  {}: a test names {}, which no page has", place(file, claim.line), claim.id));
    }
    faults
}

fn summary(criteria: &[(PathBuf, Criterion)], claims: usize) -> String {
    let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, criterion) in criteria {
        *pages.entry(criterion.id.split('-').next().unwrap_or_default()).or_default() += 1;
    }
    let pages: Vec<_> = pages.iter().map(|(name, count)| format!("{name} {count}")).collect();
    format!("{} criteria ({}), shown by {claims} claims of tests", criteria.len(), pages.join(", "))
}

/// All files under a folder, in a stable order; none if there is no such folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(found) };
    let mut entries: Vec<_> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            let skipped = path.file_name().is_some_and(|name| SKIPPED.iter().any(|skipped| name == *skipped));
            if !skipped {
                found.extend(files(&path)?);
            }
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|extension| extensions.contains(&extension))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn tree(page: &str, test: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("specs")).unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("specs/page.md"), page).unwrap();
        fs::write(folder.path().join("src/lib.rs"), test).unwrap();
        folder
    }

    fn fault(page: &str, test: &str) -> String {
        check(tree(page, test).path()).unwrap_err().to_string()
    }

    /// DEV-01: a tree whose criteria and tests agree passes, and the summary counts them.
    #[test]
    fn agreement_passes() {
        let tree = tree("* **A-01** One.\n* **A-02** Two.\n", "/// A-01, A-02: both.\n#[test]\nfn both() {}\n");
        assert_eq!(check(tree.path()).unwrap(), "2 criteria (A 2), shown by 2 claims of tests");
    }

    /// DEV-01: a criterion that no test names is a fault with its place.
    #[test]
    fn an_untested_criterion_fails() {
        let fault = fault("* **A-01** One.\n* **A-02** Two.\n", "/// A-01: one.\n#[test]\nfn one() {}\n");
        assert!(fault.contains("specs/page.md:2: no test names A-02"), "{fault}");
        assert!(!fault.contains("A-01"), "{fault}");
    }

    /// DEV-01: a test that names an unknown criterion is a fault with its place.
    #[test]
    fn an_unknown_criterion_fails() {
        let fault = fault("* **A-01** One.\n", "/// A-01, A-09: one.\n#[test]\nfn one() {}\n");
        assert!(fault.contains("src/lib.rs:3: a test names A-09"), "{fault}");
    }

    /// DEV-01: an id that is given twice is a fault that tells both places.
    #[test]
    fn a_duplicate_fails() {
        let fault = fault("* **A-01** One.\n* **A-01** Again.\n", "/// A-01: one.\n#[test]\nfn one() {}\n");
        assert!(fault.contains("specs/page.md:2: A-01 is already at specs/page.md:1"), "{fault}");
    }
}

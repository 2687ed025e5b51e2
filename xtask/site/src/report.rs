//! Sizes: what a first visit transfers, against its bar.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::Manifest;
use crate::compress::{Effort, brotli};

#[derive(Args)]
pub(crate) struct Request {
    /// The built site.
    #[arg(long)]
    site: PathBuf,
    /// The address of a running server's first page (`http://host:port/path`), to count its HTML too.
    #[arg(long)]
    page: Option<String>,
    /// Fail when the first page is larger than this many bytes of Brotli.
    #[arg(long)]
    bar: Option<usize>,
}

/// One file of the first page: its name, and its bytes raw and as sent.
struct Size {
    name: String,
    raw: usize,
    brotli: usize,
}

/// Prints the sizes of the page's files and their sum, and fails if that is over the bar.
pub(crate) fn report(request: &Request) -> Result<()> {
    let mut sizes = of_site(&request.site)?;
    if let Some(page) = &request.page {
        let html = fetch(page)?;
        sizes.push(Size {
            name: format!("HTML of {page}"),
            raw: html.len(),
            brotli: brotli(&html, Effort::Best)?.len(),
        });
    }
    let (raw, packed) = total(&sizes);
    println!("{:>10} {:>10}  file", "raw", "brotli");
    for size in &sizes {
        println!("{:>10} {:>10}  {}", size.raw, size.brotli, size.name);
    }
    println!("{raw:>10} {packed:>10}  first page");
    match request.bar {
        Some(bar) if packed > bar => bail!("the first page is {packed} bytes of Brotli, {} over its bar", packed - bar),
        Some(bar) => println!("{:>21}  under the bar of {bar}", bar - packed),
        None => {}
    }
    Ok(())
}

fn of_site(site: &Path) -> Result<Vec<Size>> {
    let path = Manifest::path(site);
    let text =
        fs::read_to_string(&path).with_context(|| format!("reading {}: build the site first", path.display()))?;
    let manifest: Manifest = serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
    [manifest.js, manifest.wasm, manifest.css]
        .into_iter()
        .map(|name| {
            let bytes = fs::read(site.join(name.trim_start_matches('/'))).with_context(|| format!("reading {name}"))?;
            let packed =
                fs::read(site.join(format!("{}.br", name.trim_start_matches('/')))).map_or(bytes.len(), |b| b.len());
            Ok(Size { raw: bytes.len(), brotli: packed, name })
        })
        .collect()
}

fn total(sizes: &[Size]) -> (usize, usize) {
    sizes.iter().fold((0, 0), |(raw, packed), size| (raw + size.raw, packed + size.brotli))
}

/// The body of a page on this machine, by HTTP/1.0, which neither chunks nor keeps the connection.
fn fetch(page: &str) -> Result<Vec<u8>> {
    let rest = page.strip_prefix("http://").context("the page's address must begin with http://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).with_context(|| format!("connecting to {host}"))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\nAccept: text/html\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).with_context(|| format!("reading {page}"))?;
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n").context("an answer without a header")?;
    let status = String::from_utf8_lossy(&answer[..split.min(64)]).lines().next().unwrap_or_default().to_owned();
    if !status.contains(" 200") {
        bail!("{page} answered {status}");
    }
    Ok(answer.split_off(split + 4))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn site() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("pkg")).unwrap();
        for (name, raw, packed) in [("saydo-1.js", 300, 100), ("saydo-2.wasm", 5000, 1000), ("saydo-3.css", 200, 50)] {
            fs::write(folder.path().join("pkg").join(name), vec![0; raw]).unwrap();
            fs::write(folder.path().join("pkg").join(format!("{name}.br")), vec![0; packed]).unwrap();
        }
        let manifest = r#"{"js":"/pkg/saydo-1.js","wasm":"/pkg/saydo-2.wasm","css":"/pkg/saydo-3.css"}"#;
        fs::write(Manifest::path(folder.path()), manifest).unwrap();
        folder
    }

    /// DEV-09: the report's total is the sum of the files that the first page loads.
    #[test]
    fn the_total_is_the_sum_of_the_files() {
        let site = site();
        assert_eq!(total(&of_site(site.path()).unwrap()), (5500, 1150));
    }

    /// DEV-09: a first page over the bar fails the report, one at the bar does not.
    #[test]
    fn over_the_bar_fails() {
        let site = site();
        let request = |bar| Request { site: site.path().to_owned(), page: None, bar: Some(bar) };
        assert!(report(&request(1150)).is_ok());
        let fault = report(&request(1149)).unwrap_err().to_string();
        assert!(fault.contains("1 over its bar"), "{fault}");
    }
}

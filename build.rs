//! Compresses the built widget and the pages' files ahead, so that serving them costs nothing.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 2] = ["widget", "pages"];
/// Read by the server itself, never sent as they are.
const STRINGS: &str = "assets/widget/strings";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let Some(out) = std::env::var_os("OUT_DIR").map(PathBuf::from) else { return Ok(()) };
    for folder in FOLDERS {
        let from = Path::new("assets").join(folder);
        println!("cargo::rerun-if-changed={}", from.display());
        let to = out.join("assets").join(folder);
        let _absent_at_first = fs::remove_dir_all(&to);
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(&from)? {
            let path = entry?.path();
            if let Some(name) = path.file_name().filter(|_| path.is_file()) {
                compress(&fs::read(&path)?, &to.join(name))?;
            }
        }
    }
    carry(Path::new(STRINGS), &out.join(STRINGS))
}

/// Copies a folder as it is, with what is in its folders.
fn carry(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            carry(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Writes `bytes` as they are, and beside them as `.br` and `.gz`.
fn compress(bytes: &[u8], to: &Path) -> io::Result<()> {
    fs::write(to, bytes)?;
    let beside = |ending: &str| PathBuf::from(format!("{}.{ending}", to.display()));
    let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    let mut reader = bytes;
    brotli::BrotliCompress(&mut reader, &mut fs::File::create(beside("br"))?, &params)?;
    let file = fs::File::create(beside("gz"))?;
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::best());
    gzip.write_all(bytes)?;
    gzip.finish()?;
    Ok(())
}

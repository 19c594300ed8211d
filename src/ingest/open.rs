//! From what the user names to bytes: files, folders, globs and standard input; plain, gzip, zstd.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;
use xxhash_rust::xxh3::Xxh3;

/// One thing to load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub path: Origin,
    /// Named by the user, not found in a folder: then it has to be an export.
    pub is_named: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    File(PathBuf),
    Stdin,
}

impl Origin {
    pub fn display(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "standard input".into(),
        }
    }
}

/// The files that the arguments name, in the order of their paths within each argument.
pub fn discover(arguments: &[String]) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for argument in arguments {
        if argument == "-" {
            inputs.push(Input { path: Origin::Stdin, is_named: true });
            continue;
        }
        let path = Path::new(argument);
        if path.is_dir() {
            let before = inputs.len();
            walk(path, &mut inputs).with_context(|| format!("cannot read folder `{argument}`"))?;
            if inputs.len() == before {
                bail!("no files in folder `{argument}`");
            }
        } else if path.exists() {
            inputs.push(Input { path: Origin::File(path.into()), is_named: true });
        } else {
            expand(argument, &mut inputs)?;
        }
    }
    Ok(once(inputs))
}

/// Each file once, by whatever names it is called.
fn once(inputs: Vec<Input>) -> Vec<Input> {
    let mut known = HashSet::new();
    let mut is_new = |input: &Input| match &input.path {
        Origin::File(path) if path.is_file() => known.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())),
        _ => true,
    };
    inputs.into_iter().filter(|input| is_new(input)).collect()
}

/// All files below a folder, by name; links to folders are not followed, so a loop is no danger.
fn walk(folder: &Path, inputs: &mut Vec<Input>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            walk(&path, inputs)?;
        } else if path.is_file() {
            inputs.push(Input { path: Origin::File(path), is_named: false });
        }
    }
    Ok(())
}

fn expand(pattern: &str, inputs: &mut Vec<Input>) -> Result<()> {
    if !pattern.contains(['*', '?', '[']) {
        bail!("no such file or folder: `{pattern}`");
    }
    let paths = glob::glob(pattern).with_context(|| format!("cannot read the pattern `{pattern}`"))?;
    let before = inputs.len();
    for path in paths {
        let path = path.with_context(|| format!("cannot follow the pattern `{pattern}`"))?;
        if path.is_dir() {
            walk(&path, inputs).with_context(|| format!("cannot read folder `{}`", path.display()))?;
        } else {
            inputs.push(Input { path: Origin::File(path), is_named: false });
        }
    }
    if inputs.len() == before {
        bail!("nothing matches the pattern `{pattern}`");
    }
    Ok(())
}

/// The decompressed bytes of an input, and the hash of what was read from disk so far.
pub struct Source {
    reader: Box<dyn Read + Send>,
    encoding: Option<&'static str>,
    digest: Arc<Mutex<Digest>>,
}

#[derive(Default)]
struct Digest {
    hash: Xxh3,
    bytes: u64,
}

impl Source {
    pub fn open(origin: &Origin) -> io::Result<Self> {
        let digest = Arc::new(Mutex::new(Digest::default()));
        let mut raw: Box<dyn Read + Send> = match origin {
            Origin::File(path) => Box::new(File::open(path)?),
            Origin::Stdin => Box::new(io::stdin()),
        };
        let mut magic = [0_u8; 4];
        let length = read_full(&mut raw, &mut magic)?;
        let head = io::Cursor::new(magic[..length].to_vec());
        let hashed = Hashing { inner: head.chain(raw), digest: Arc::clone(&digest) };
        let reader: Box<dyn Read + Send> = match magic {
            [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(hashed)),
            [0x28, 0xb5, 0x2f, 0xfd] => Box::new(zstd::Decoder::new(hashed)?),
            _ => Box::new(hashed),
        };
        let (reader, encoding) = super::encoding::as_utf8(reader)?;
        Ok(Self { reader, encoding, digest })
    }

    /// The encoding that the content was turned to UTF-8 from.
    pub fn encoding(&self) -> Option<&'static str> {
        self.encoding
    }

    /// Hash of the bytes as stored, complete once everything is read.
    pub fn content_hash(&self) -> String {
        self.digest.lock().map(|digest| format!("{:032x}", digest.hash.digest128())).unwrap_or_default()
    }

    /// How many bytes, as stored, were read so far.
    pub fn bytes_read(&self) -> u64 {
        self.digest.lock().map(|digest| digest.bytes).unwrap_or_default()
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

struct Hashing<R> {
    inner: R,
    digest: Arc<Mutex<Digest>>,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        if let Ok(mut digest) = self.digest.lock() {
            digest.hash.update(&buffer[..length]);
            digest.bytes += length as u64;
        }
        Ok(length)
    }
}

/// Hash of a file as stored, for telling whether its content was loaded under another name.
pub fn hash_file(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Xxh3::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(format!("{:032x}", digest.digest128())),
            length => digest.update(&buffer[..length]),
        }
    }
}

/// Reads until the buffer is full or the input ends.
pub fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match reader.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

const CHUNK_BYTES: usize = 1 << 18;

/// Hands over the input chunk by chunk, up to its end.
pub fn each_chunk(mut input: &mut dyn Read, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let length = read_full(&mut input, &mut chunk)?;
        take(&chunk[..length])?;
        if length < chunk.len() {
            return Ok(());
        }
    }
}

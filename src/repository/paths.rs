//! Which file of a repository a frame of a trace or a call site means: the one whose path ends like it the longest. Where
//! two do, none is meant.

use std::collections::HashMap;

use super::Place;

/// Endings of sources, which modules are named without.
const SOURCES: [&str; 27] = [
    "py", "java", "kt", "kts", "scala", "groovy", "clj", "go", "rs", "rb", "php", "cs", "fs", "vb", "js", "mjs", "cjs",
    "jsx", "ts", "tsx", "vue", "dart", "ex", "exs", "swift", "cpp", "c",
];

/// Folders of containers that sources are put into; a repository need not have them.
const ROOTS: [&str; 31] = [
    "app",
    "src",
    "source",
    "srv",
    "usr",
    "home",
    "opt",
    "var",
    "www",
    "html",
    "root",
    "tmp",
    "build",
    "dist",
    "out",
    "code",
    "work",
    "workdir",
    "workspace",
    "workspaces",
    "project",
    "go",
    "local",
    "share",
    "service",
    "server",
    "function",
    "functions",
    "user_code",
    "layers",
    "main",
];

/// What a place means in the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning<'a> {
    File(&'a str),
    /// So many files are as like it.
    Several(usize),
    Nothing,
}

/// The files of one commit.
#[derive(Debug, Default)]
pub(super) struct Tree {
    files: Vec<String>,
    /// Places of files, by their names.
    by_name: HashMap<String, Vec<usize>>,
    /// The same by their names without the ending, of sources.
    by_stem: HashMap<String, Vec<usize>>,
}

impl Tree {
    pub(super) fn new(files: impl IntoIterator<Item = String>) -> Self {
        let mut tree = Tree { files: files.into_iter().collect(), ..Tree::default() };
        for (at, file) in tree.files.iter().enumerate() {
            let name = file.rsplit('/').next().unwrap_or_default();
            tree.by_name.entry(name.to_owned()).or_default().push(at);
            if let Some(stem) = module_of(file) {
                let name = stem.rsplit('/').next().unwrap_or_default();
                tree.by_stem.entry(name.to_owned()).or_default().push(at);
            }
        }
        tree
    }

    pub(super) fn meaning(&self, place: &Place) -> Meaning<'_> {
        let file = cleaned(&place.file);
        if !is_file(&file) {
            let parts: Vec<&str> = module_parts(&file);
            return self.nearest(&self.by_stem, &parts, |file| module_of(file).unwrap_or(file), false);
        }
        let mut parts: Vec<&str> = file.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let package = place.function.as_deref().filter(|_| parts.len() == 1).map(package_of).unwrap_or_default();
        if !package.is_empty() {
            parts.splice(0..0, package);
            return match self.nearest(&self.by_name, &parts, |file| file, true) {
                // the package may be none of folders: the name alone has to do then
                Meaning::Nothing => self.nearest(&self.by_name, &parts[parts.len() - 1..], |file| file, true),
                found => found,
            };
        }
        self.nearest(&self.by_name, &parts, |file| file, true)
    }

    /// The one file whose last parts are the same the longest, if those are enough to tell it.
    fn nearest<'a>(
        &'a self,
        index: &HashMap<String, Vec<usize>>,
        parts: &[&str],
        path_of: impl Fn(&'a str) -> &'a str,
        has_roots: bool,
    ) -> Meaning<'a> {
        let places = parts.last().and_then(|name| index.get(*name)).map(Vec::as_slice).unwrap_or_default();
        let alike = |at: usize| {
            let path = path_of(&self.files[at]);
            path.rsplit('/').zip(parts.iter().rev()).take_while(|(a, b)| a == *b).count()
        };
        let Some(most) = places.iter().map(|&at| alike(at)).max() else { return Meaning::Nothing };
        let rest = &parts[..parts.len() - most];
        let is_enough = most > 1 || rest.is_empty() || has_roots && rest.iter().all(|part| ROOTS.contains(part));
        if !is_enough {
            return Meaning::Nothing;
        }
        let best: Vec<usize> = places.iter().copied().filter(|&at| alike(at) == most).collect();
        match best.as_slice() {
            [one] => Meaning::File(&self.files[*one]),
            several => Meaning::Several(several.len()),
        }
    }
}

/// Without what stands before and behind the path: a scheme, a query, the folder of a bundle; with slashes.
fn cleaned(file: &str) -> String {
    let file = file.replace('\\', "/");
    let file = file.split_once("://").map_or(file.as_str(), |(_, path)| path);
    let file = file.split(['?', '#']).next().unwrap_or_default();
    file.trim_start_matches(['.', '~']).to_owned()
}

/// Whether it names a file, not a module.
fn is_file(text: &str) -> bool {
    text.contains('/') || text.rsplit_once('.').is_some_and(|(_, ending)| SOURCES.contains(&ending))
}

/// `com.acme.Foo$Inner` and `shop::till` in their parts.
fn module_parts(module: &str) -> Vec<&str> {
    let module = module.split('$').next().unwrap_or_default();
    module.split(['.', ':']).filter(|part| !part.is_empty()).collect()
}

/// The path of a source as modules name it: without the ending, and without the file that stands for its folder.
fn module_of(file: &str) -> Option<&str> {
    let (stem, ending) = file.rsplit_once('.')?;
    let is_source = SOURCES.contains(&ending) && !stem.ends_with('/');
    let stem = is_source.then_some(stem)?;
    Some(["/__init__", "/mod"].iter().find_map(|name| stem.strip_suffix(name)).unwrap_or(stem))
}

/// The packages of a function such as `com.acme.Pipe.open`, whose file is named without them.
fn package_of(function: &str) -> Vec<&str> {
    let parts: Vec<&str> = function.split('.').collect();
    let is_package = |part: &&&str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let count = parts.iter().take_while(is_package).count();
    // behind packages a class and a method have to come
    if count + 2 <= parts.len() { parts[..count].to_vec() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let files = [
            "app/main.py",
            "src/shop/till/prices.py",
            "src/shop/till/__init__.py",
            "src/shop/store/prices.py",
            "src/main/java/com/acme/Pipe.java",
            "lib/src/main/java/org/other/Pipe.java",
            "cmd/server/main.go",
            "web/src/cart.ts",
            "crates/api/src/routes.rs",
            "-odd/--output=x.py",
            "README",
        ];
        Tree::new(files.map(str::to_owned))
    }

    fn meaning(file: &str, function: Option<&str>) -> String {
        let place = Place { file: file.into(), function: function.map(Into::into), line: None, ..Place::default() };
        match tree().meaning(&place) {
            Meaning::File(path) => path.to_owned(),
            Meaning::Several(count) => format!("{count} files"),
            Meaning::Nothing => "nothing".into(),
        }
    }

    #[test]
    fn the_longest_common_end_tells_the_file() {
        for (file, path) in [
            ("/srv/shop/till/prices.py", "src/shop/till/prices.py"),
            ("/workspace/app/main.py", "app/main.py"),
            ("app/main.py", "app/main.py"),
            ("main.py", "app/main.py"),
            ("/usr/src/app/main.py", "app/main.py"),
            ("C:\\build\\app\\main.py", "app/main.py"),
            ("webpack:///./web/src/cart.ts?1a2b", "web/src/cart.ts"),
            ("file:///srv/web/src/cart.ts", "web/src/cart.ts"),
            ("prices.py", "2 files"),
            ("/srv/prices.py", "2 files"),
            ("/srv/tools/cart.ts", "nothing"),
            ("/app/-odd/--output=x.py", "-odd/--output=x.py"),
            ("/elsewhere/none.py", "nothing"),
            ("", "nothing"),
        ] {
            assert_eq!(meaning(file, None), path, "of {file}");
        }
    }

    #[test]
    fn modules_and_packages_tell_it_too() {
        for (file, function, path) in [
            ("shop.till.prices", None, "src/shop/till/prices.py"),
            ("shop.till", None, "src/shop/till/__init__.py"),
            ("till.prices", None, "src/shop/till/prices.py"),
            ("prices", None, "2 files"),
            ("uvicorn.main", None, "nothing"),
            ("com.acme.Pipe", None, "src/main/java/com/acme/Pipe.java"),
            ("com.acme.Pipe$Inner", None, "src/main/java/com/acme/Pipe.java"),
            ("Pipe.java", Some("com.acme.Pipe.open"), "src/main/java/com/acme/Pipe.java"),
            ("Pipe.java", Some("org.other.Pipe.open"), "lib/src/main/java/org/other/Pipe.java"),
            ("Pipe.java", None, "2 files"),
            ("api::routes", None, "nothing"),
            ("main.go", Some("main.main"), "cmd/server/main.go"),
        ] {
            assert_eq!(meaning(file, function), path, "of {file} {function:?}");
        }
    }
}

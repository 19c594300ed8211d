//! The table `[repository]` of a configuration, or several, `[[repository]]`: where the source code of services is.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use anyhow::Result;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use toml::Spanned;

use crate::{repository::check_url, rules::errors};

/// A clone of the source code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositorySettings {
    pub path: PathBuf,
    /// The address of its web page, where it is not the remote's.
    pub url: Option<String>,
    /// The folder in it that holds the code.
    pub root: Option<String>,
    /// The service whose code it is; of all where there is none.
    pub service: Option<String>,
}

/// `file` is what errors call it; paths are relative to `base`.
pub fn read(file: &str, text: &str, base: &Path) -> Result<Vec<RepositorySettings>> {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        repository: Tables,
    }
    let content: File = toml::from_str(text).map_err(|error| errors::from_toml(file, text, &error))?;
    let mut read = Vec::new();
    for Table { path, url, root, service } in content.repository.0 {
        if let Some(url) = &url {
            let fault = |error: anyhow::Error| {
                let message = error.to_string().replace("\n\nhint: ", "\nhint: ");
                errors::at(file, text, Some(url.span()), &message)
            };
            check_url(url.get_ref()).map_err(fault)?;
        }
        let settings =
            RepositorySettings { path: base.join(path.get_ref()), url: url.map(Spanned::into_inner), root, service };
        if read.iter().any(|known: &RepositorySettings| known.service == settings.service) {
            let message = match &settings.service {
                Some(name) => format!("a second repository of the service `{name}`"),
                None => "a second repository without `service`\nhint: only one can be for all services".into(),
            };
            return Err(errors::at(file, text, Some(path.span()), &message));
        }
        read.push(settings);
    }
    Ok(read)
}

/// With a clone that is named on the command line: it stands in place of the one for all services.
pub fn with_path(mut settings: Vec<RepositorySettings>, path: Option<&Path>) -> Vec<RepositorySettings> {
    let Some(path) = path else { return settings };
    match settings.iter_mut().find(|settings| settings.service.is_none()) {
        Some(general) => general.path = path.to_owned(),
        None => settings.push(RepositorySettings { path: path.to_owned(), ..RepositorySettings::default() }),
    }
    settings
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    path: Spanned<PathBuf>,
    url: Option<Spanned<String>>,
    root: Option<String>,
    service: Option<String>,
}

/// One table, or several.
#[derive(Debug, Default)]
struct Tables(Vec<Table>);

impl<'de> Deserialize<'de> for Tables {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;

        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Tables;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table with the key `path`")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Tables, A::Error> {
                Table::deserialize(MapAccessDeserializer::new(map)).map(|table| Tables(vec![table]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut tables: A) -> Result<Tables, A::Error> {
                let mut read = Vec::new();
                while let Some(table) = tables.next_element()? {
                    read.push(table);
                }
                Ok(Tables(read))
            }
        }

        deserializer.deserialize_any(OneOrMore)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<RepositorySettings>> {
        read("g.toml", text, Path::new("/etc"))
    }

    #[test]
    fn one_table_or_one_a_service() {
        let one = read_text("[repository]\npath = \"shop\"\nroot = \"api\"\n").unwrap();
        assert_eq!((one.len(), one[0].path.as_path()), (1, Path::new("/etc/shop")));
        let two = "[[repository]]\npath = \"/a\"\nservice = \"till\"\n[[repository]]\npath = \"b\"\n";
        let two = read_text(two).unwrap();
        assert_eq!((two.len(), two[0].service.as_deref()), (2, Some("till")));
        assert!(read_text("version = 1\n").unwrap().is_empty());
        let named = with_path(two, Some(Path::new("c")));
        assert_eq!((named[0].path.as_path(), named[1].path.as_path()), (Path::new("/a"), Path::new("c")));
        assert_eq!(with_path(Vec::new(), Some(Path::new("c"))).len(), 1);
    }

    #[test]
    fn what_is_wrong_is_shown_in_its_line() {
        for (text, said) in [
            ("[repository]\nroot = \"a\"\n", "the key `path` is missing"),
            ("[repository]\npath = \"a\"\nrot = \"b\"\n", "did you mean `root`?"),
            (
                "[repository]\npath = \"a\"\nurl = \"git.acme.org\"\n",
                "g.toml:3: `url` of a repository is not an address",
            ),
            ("[[repository]]\npath = \"a\"\n[[repository]]\npath = \"b\"\n", "g.toml:4: a second repository without"),
            ("repository = 1\n", "expected a table with the key `path`"),
        ] {
            let error = format!("{:#}", read_text(text).unwrap_err());
            assert!(error.contains(said), "{error}");
        }
    }
}

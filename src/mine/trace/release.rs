//! What a file is called whatever release it is of: bundlers put a hash into the names of files, deployments put a
//! hash, a version or a time into those of folders. Names that are words stay.

use std::borrow::Cow;

use super::words;
use crate::mine::{
    VARIABLE,
    shape::piece::{DIGIT, HEX, is},
};

/// The end of a path says enough; its beginning depends on how the image was built.
const PATH_PARTS: usize = 3;
const SCRIPTS: [&str; 10] = [".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte"];
/// Folders whose own folders are releases, however they are numbered.
const RELEASES: [&str; 6] = ["releases", "builds", "versions", "deployments", "deploys", "revisions"];
/// Hashes in names of folders, where more than bundles lie, and in names of bundles.
const FOLDER_HASH: usize = 7;
const BUNDLE_HASH: usize = 6;
/// Rollup, esbuild and others write as many letters and digits of both cases.
const SHORT_HASH: usize = 8;
/// A build's id is longer than any word.
const BUILD_ID: usize = 16;
/// Digits of a date.
const DATE: usize = 8;
/// Names of algorithms that look like hashes.
const ALGORITHMS: [&str; 2] = ["ed25519", "ed448"];

/// The end of a path, without the scheme, host and query of an address and without what names a release.
pub(super) fn path(file: &str) -> String {
    let file = file.split('?').next().unwrap_or(file);
    let (path, is_bundled) = match file.split_once("://") {
        Some((scheme, rest)) => (without_host(rest), scheme.starts_with("webpack")),
        None => (file, false),
    };
    let mut parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).collect();
    // `(rsc)` and the like say for which side it was bundled
    if is_bundled && parts.len() > 1 && parts[0].starts_with('(') {
        parts.remove(0);
    }
    let Some((&name, folders)) = parts.split_last() else { return file.to_owned() };
    let script = SCRIPTS.iter().find_map(|end| name.strip_suffix(end).map(|stem| (stem, *end)));
    let mut kept: Vec<Cow<'_, str>> = Vec::new();
    for (at, &part) in folders.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| folders[before]);
        let is_build = script.is_some() && is_build_id(part);
        if !is_build && !is_release(part, before) {
            kept.push(Cow::Borrowed(without_release(part)));
        }
    }
    kept.push(script.map_or(Cow::Borrowed(name), |(stem, end)| Cow::Owned(without_hashes(stem) + end)));
    kept[kept.len().saturating_sub(PATH_PARTS)..].join("/")
}

/// An address without a path is its host.
fn without_host(rest: &str) -> &str {
    match rest.split_once('/') {
        Some((_, path)) if !path.is_empty() => path,
        _ => rest,
    }
}

/// A hash, an id, a time or a version, all by itself.
fn is_release(part: &str, before: &str) -> bool {
    let bytes = part.as_bytes();
    let digits = bytes.iter().filter(|&&byte| is(byte, DIGIT)).count();
    let is_numbered = digits == part.len() && RELEASES.contains(&before);
    let of = |signs: &str| bytes.iter().all(|&byte| is(byte, DIGIT) || signs.as_bytes().contains(&byte));
    let is_time = digits >= DATE && is(bytes[0], DIGIT) && of("-_.:TZ");
    let is_id = digits > 0 && part.len() > 2 * DATE && bytes.iter().all(|&byte| is(byte, HEX) || byte == b'-');
    is_numbered || is_time || is_id || is_hex_hash(part, FOLDER_HASH) || is_version(part)
}

/// `1.4.2`, `v2.0.0-rc.1`; `v2` alone may be an interface's.
fn is_version(part: &str) -> bool {
    let number = part.strip_prefix('v').unwrap_or(part);
    let (major, rest) = number.split_once('.').unwrap_or_default();
    !major.is_empty()
        && major.bytes().all(|byte| is(byte, DIGIT))
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_'))
}

/// A folder's name without the release at its end: `shop-3f9a1c2b`, `react@18.2.0`.
fn without_release(part: &str) -> &str {
    let is_numbered = |(name, tail): &(&str, &str)| {
        let digits = tail.bytes().take_while(|&byte| is(byte, DIGIT)).count();
        !name.is_empty()
            && (is_hex_hash(tail, FOLDER_HASH) || digits == tail.len() && digits >= DATE || is_version(tail))
    };
    ['@', '-', '_'].iter().find_map(|&tie| part.rsplit_once(tie).filter(is_numbered)).map_or(part, |(name, _)| name)
}

/// `Xk3ja9-ZbQ1mNo_w7Yp2` of Next.js.
fn is_build_id(part: &str) -> bool {
    part.len() >= BUILD_ID
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && part.bytes().any(|byte| byte.is_ascii_uppercase())
        && part.bytes().any(|byte| is(byte, DIGIT))
        && !part.split(['-', '_']).all(|word| word.is_empty() || words::are(word))
}

fn is_hex_hash(text: &str, shortest: usize) -> bool {
    let digits = text.bytes().filter(|&byte| is(byte, DIGIT)).count();
    text.len() >= shortest
        && text.bytes().all(|byte| is(byte, HEX))
        && (digits > 0 && (digits < text.len() || digits >= DATE) || text.len() > FOLDER_HASH)
        && !ALGORITHMS.contains(&text)
}

/// The name of a script without its hashes, a variable if nothing else is left.
fn without_hashes(stem: &str) -> String {
    let stem = without_short_hash(stem);
    let mut kept = String::with_capacity(stem.len());
    let mut start = 0;
    while start <= stem.len() {
        let length = stem[start..].find(['.', '-', '~', '_']).unwrap_or(stem.len() - start);
        let part = &stem[start..start + length];
        if !is_bundle_hash(part, &stem[..start]) {
            kept.push_str(&stem[start.saturating_sub(1)..start + length]);
        }
        start += length + 1;
    }
    // the first was a hash
    let kept = if stem.starts_with(['-', '_', '.']) { &kept } else { kept.trim_start_matches(['.', '-', '~', '_']) };
    if kept.is_empty() { VARIABLE.to_owned() } else { kept.to_owned() }
}

/// Without a hash that has dashes in itself, `index-D-4kx_Ab`.
fn without_short_hash(stem: &str) -> &str {
    let Some(tie) = stem.len().checked_sub(SHORT_HASH + 1).filter(|&tie| tie > 0 && stem.is_char_boundary(tie)) else {
        return stem;
    };
    let (name, tail) = stem.split_at(tie);
    let has = |wanted: fn(&u8) -> bool| tail.as_bytes()[1..].iter().any(wanted);
    let is_hash = tail.starts_with(['-', '.'])
        && tail[1..].bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && has(|byte| matches!(byte, b'-' | b'_'))
        && has(|byte| byte.is_ascii_uppercase())
        && !tail[1..].split(['-', '_']).all(|word| word.is_empty() || words::are(word));
    if is_hash { name } else { stem }
}

/// What stands before tells whether it is the name itself, which asks for more to be none.
fn is_bundle_hash(part: &str, before: &str) -> bool {
    let is_name = !before.bytes().any(|byte| byte.is_ascii_alphanumeric());
    if part.len() < BUNDLE_HASH || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let count = |of: fn(&u8) -> bool| part.as_bytes().iter().filter(|byte| of(byte)).count();
    let (digits, capitals) = (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase));
    if digits == part.len() || is_hex_hash(part, if is_name { FOLDER_HASH } else { BUNDLE_HASH }) {
        return true;
    }
    if digits + capitals == part.len() {
        let is_long = part.len() >= SHORT_HASH || !is_name;
        let follows_small = before.bytes().any(|byte| byte.is_ascii_lowercase());
        return if digits > 0 { is_long } else { part.len() == SHORT_HASH && follows_small };
    }
    digits + capitals > 0
        && (part.len() >= SHORT_HASH && !words::are(part) || words::numbers(part) > 1 && words::longest(part) < 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_no_part_of_a_name() {
        for (file, wanted) in [
            ("https://shop.example.com/ca549d9/static/js/client.ca549d9.js", "static/js/client.js"),
            ("https://shop.example.com/static/js/client.0b7e2c4.js?v=17", "static/js/client.js"),
            ("/static/js/main.3f9a1c2b.js", "static/js/main.js"),
            ("/static/js/main.3f9a1c2b.chunk.js", "static/js/main.chunk.js"),
            ("/static/js/2.8c1d44aa.chunk.js", "static/js/2.chunk.js"),
            ("dist/chunk-ABC123.js", "dist/chunk.js"),
            ("dist/chunk-2YVWQXJT.js", "dist/chunk.js"),
            ("dist/chunk-QWERTYUI.js", "dist/chunk.js"),
            ("app-4f3e2d1c.mjs", "app.mjs"),
            ("/srv/releases/20250910123000/dist/till.js", "srv/releases/dist/till.js"),
            ("/srv/releases/42/till.rb", "srv/releases/till.rb"),
            ("https://x.org/_next/static/chunks/pages/x-1a2b3c.js", "chunks/pages/x.js"),
            ("https://x.org/_next/static/chunks/pages/_app-1a2b3c4d5e6f7a8b.js", "chunks/pages/_app.js"),
            ("https://x.org/_next/static/chunks/pages/[id]-1a2b3c4d5e6f7a8b.js", "chunks/pages/[id].js"),
            ("https://x.org/_next/static/Xk3ja9-ZbQ1mNo_w7Yp2/pages/till.js", "static/pages/till.js"),
            ("webpack-internal:///./src/checkout.js", "src/checkout.js"),
            ("webpack-internal:///(rsc)/./src/app/page.tsx", "src/app/page.tsx"),
            ("webpack://shop/./src/checkout.js?3f9a", "src/checkout.js"),
            ("https://x.org/assets/index-DwGrtxk4.js", "assets/index.js"),
            ("https://x.org/assets/index-DwGrtxkQ.js", "assets/index.js"),
            ("https://x.org/assets/index-D-4kx_Ab.js", "assets/index.js"),
            ("https://x.org/_nuxt/BvT3xkQ9.js", "_nuxt/<*>.js"),
            ("https://esm.sh/react@18.2.0/es2022/react.mjs", "react/es2022/react.mjs"),
            ("/app/v1.4.2/dist/shop-3f9a1c2b/x.js", "dist/shop/x.js"),
            ("https://x.org/", "x.org"),
        ] {
            let wanted = wanted.rsplit('/').take(3).collect::<Vec<_>>();
            let wanted = wanted.into_iter().rev().collect::<Vec<_>>().join("/");
            assert_eq!(path(file).trim_start_matches("https:"), wanted, "{file}");
        }
    }

    #[test]
    fn words_stay() {
        for name in [
            "checkout.js",
            "payment.js",
            "Checkout.js",
            "UserList.tsx",
            "user-UserList.js",
            "base64.js",
            "oauth2.js",
            "sha256.js",
            "md5-hex.js",
            "http2-server.js",
            "es2015.js",
            "i18n.js",
            "facade.js",
            "decade.js",
            "sign-ed25519.js",
            "log4js.js",
            "d3-scale.js",
            "k8s-client.js",
            "user-v2.js",
            "check-out-form.js",
            "checkout-Settings.js",
            "http2Api.js",
            "getHTTPUrl.js",
            "pdfBuilder.js",
            "main.chunk.js",
            "vendors~main.js",
            "step-2.js",
            "_document.js",
            "[...slug].js",
            "README.js",
            "till.py",
            "Seat.java",
        ] {
            assert_eq!(path(name), name);
        }
        assert_ne!(path("/js/checkout.3f9a1c2b.js"), path("/js/payment.3f9a1c2b.js"));
        assert_eq!(path("src/api/v2/till.js"), "api/v2/till.js");
    }
}

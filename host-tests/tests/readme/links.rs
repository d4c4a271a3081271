//! Links from page to page, and to files: what they lead to is there.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::pages::{Page, pages};
use crate::root;

/// The links within the repository, each with its line.
fn links(page: &Page) -> Vec<(String, usize)> {
    let parser = Parser::new_ext(&page.text, Options::ENABLE_TABLES).into_offset_iter();
    let links = parser.filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            let line = page.text[..range.start].matches('\n').count() + 1;
            Some((dest_url.into_string(), line))
        }
        _ => None,
    });
    links.filter(|(link, _)| !link.contains(':')).collect()
}

/// The anchors that GitHub gives the headings, and those that HTML names.
fn anchors(page: &Page) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut counts = BTreeMap::new();
    let mut heading = None;
    for event in Parser::new_ext(&page.text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    *heading += &text;
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let slug = slug(&heading.take().unwrap_or_default());
                let count = counts.entry(slug.clone()).or_insert(0);
                anchors.push(match *count {
                    0 => slug,
                    number => format!("{slug}-{number}"),
                });
                *count += 1;
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let ids = html.split("id=\"").skip(1);
                let ids = ids.filter_map(|rest| rest.split('"').next());
                anchors.extend(ids.map(str::to_owned));
            }
            _ => {}
        }
    }
    anchors
}

fn slug(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The path in the repository, without `.` and `..`.
fn resolve(folder: &Path, link: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in folder.join(link).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{link} leaves the repository"),
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    path
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let pages = pages();
    let anchors: BTreeMap<_, _> = pages
        .iter()
        .map(|it| (it.name.as_str(), anchors(it)))
        .collect();
    let mut broken = Vec::new();
    for page in &pages {
        for (link, line) in links(page) {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let path = match file {
                "" => PathBuf::from(&page.name),
                file => resolve(page.folder(), file),
            };
            let has = |anchors: &Vec<String>| anchors.iter().any(|it| it == anchor);
            let name = path.to_str().expect("names are of ASCII");
            let leads = root().join(&path).exists()
                && (anchor.is_empty() || anchors.get(name).is_some_and(has));
            if !leads {
                broken.push(format!("{}: {link}", page.line(line)));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "these lead nowhere:\n{}",
        broken.join("\n")
    );
}

#[test]
fn the_readme_leads_to_every_page() {
    let pages = pages();
    let readme = pages.iter().find(|page| page.name == "README.md");
    let links = links(readme.expect("it is the first"));
    for page in pages.iter().filter(|page| page.name.starts_with("docs/")) {
        let listed = links.iter().any(|(link, _)| *link == page.name);
        assert!(listed, "README.md has no link to {}", page.name);
    }
}

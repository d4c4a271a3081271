//! Blocks of code in Markdown.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// What stands between two fences.
pub struct Block {
    /// The word behind the fence.
    pub language: String,
    pub text: String,
    /// The line of the fence.
    pub line: usize,
}

/// The fenced blocks, in order.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut within = false;
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                within = true;
                found.push(Block {
                    language: language.into_string(),
                    text: String::new(),
                    line: markdown[..range.start].matches('\n').count() + 1,
                });
            }
            Event::End(TagEnd::CodeBlock) => within = false,
            Event::Text(text) if within => {
                found.last_mut().expect("it has begun").text += &text;
            }
            _ => {}
        }
    }
    found
}

use super::*;

fn text(text: &str) -> Inline {
    Inline::Text(text.into())
}

fn line(source: &str) -> Vec<Inline> {
    match parse(source).as_slice() {
        [Block::Paragraph(line)] => line.clone(),
        other => panic!("not a paragraph: {other:?}"),
    }
}

fn items(block: &Block) -> (Option<u32>, Vec<String>) {
    match block {
        Block::List { start, items } => (*start, items.iter().map(|item| plain(&item.blocks)).collect()),
        other => panic!("not a list: {other:?}"),
    }
}

/// UI-15: what stands inside a line.
#[test]
fn inline_marks_become_their_elements() {
    assert_eq!(
        line("Added **buy *oat* milk** and `a*b`"),
        [
            text("Added "),
            Inline::Strong(vec![text("buy "), Inline::Emphasis(vec![text("oat")]), text(" milk")]),
            text(" and "),
            Inline::Code("a*b".into()),
        ]
    );
    assert_eq!(line("***both***"), [Inline::Strong(vec![Inline::Emphasis(vec![text("both")])])]);
    assert_eq!(line("~~gone~~"), [Inline::Struck(vec![text("gone")])]);
    assert_eq!(line("one  \ntwo\\\nthree"), [text("one"), Inline::Break, text("two"), Inline::Break, text("three")]);
    for same in ["snake_case_name", "2 * 3 * 4", "a ~ b", "*open", "`tick", "[x]", "5 < 6 & 7", "a [b](c d e"] {
        assert_eq!(line(same), [text(same)], "{same}");
    }
    assert_eq!(line(r"\*plain\* \[x\]"), [text("*plain* [x]")]);
}

/// UI-17: links, and what is no link.
#[test]
fn links_lead_only_where_they_may() {
    let link = |href: &str, words: &str| Inline::Link { href: href.into(), children: vec![text(words)] };
    assert_eq!(line("[docs](https://a.example/x_(y))"), [link("https://a.example/x_(y)", "docs")]);
    assert_eq!(line("[mail](mailto:a@b.example \"write\")"), [link("mailto:a@b.example", "mail")]);
    assert_eq!(
        line("see https://a.example/b_c."),
        [text("see "), link("https://a.example/b_c", "https://a.example/b_c"), text(".")]
    );
    assert_eq!(line("<https://a.example>"), [link("https://a.example", "https://a.example")]);
    assert_eq!(line("[dark](/#dark-mode)"), [link("/#dark-mode", "dark")]);
    assert_eq!(line("[API](/api/docs)"), [link("/api/docs", "API")]);
    for unsafe_ in [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,hi)",
        "[x](//evil.example)",
        "[x](/c/5)",
        "[x](/#no-action)",
        "[x](/api/docs/../x)",
        "[x](vbscript:a)",
        "[x](java\nscript:a)",
        "javascript:alert(1)",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "https://",
    ] {
        let found = line(unsafe_);
        assert!(found.iter().all(|part| matches!(part, Inline::Text(_) | Inline::Break)), "{unsafe_}: {found:?}");
        assert_eq!(plain(&parse(unsafe_)), unsafe_);
    }
    let image = line("![cat](https://a.example/cat.png)");
    assert_eq!(image, [text("!"), link("https://a.example/cat.png", "cat")]);
}

/// UI-15: blocks.
#[test]
fn blocks_become_their_elements() {
    let blocks =
        parse("# Today\n\nTwo tasks:\n- milk\n- bread\n\n> quoted\nlazy\n\n---\n```rust\nlet a = \"*\";\n\n  b\n```");
    assert_eq!(blocks[0], Block::Heading(1, vec![text("Today")]));
    assert_eq!(blocks[1], Block::Paragraph(vec![text("Two tasks:")]));
    assert_eq!(items(&blocks[2]), (None, vec!["milk".into(), "bread".into()]));
    assert_eq!(blocks[3], Block::Quote(vec![Block::Paragraph(vec![text("quoted"), Inline::Break, text("lazy")])]));
    assert_eq!(blocks[4], Block::Rule);
    assert_eq!(blocks[5], Block::Code("let a = \"*\";\n\n  b".into()));
    assert_eq!(blocks.len(), 6);
    assert_eq!(parse("```\nstill being writ"), [Block::Code("still being writ".into())]);
}

/// UI-15: lists nest, are numbered from where they say, and have boxes.
#[test]
fn lists_nest_and_count() {
    let blocks = parse("3. three\n  - under three\n    more\n4. four\n\n   second paragraph\n\n- [ ] open\n- [x] done");
    let [Block::List { start: Some(3), items: numbered }, boxes] = blocks.as_slice() else { panic!("{blocks:?}") };
    assert_eq!(numbered.len(), 2);
    assert_eq!(numbered[0].blocks[0], Block::Paragraph(vec![text("three")]));
    assert_eq!(items(&numbered[0].blocks[1]), (None, vec!["under three\nmore".into()]));
    assert_eq!(numbered[1].blocks.len(), 2);
    let Block::List { start: None, items } = boxes else { panic!("{boxes:?}") };
    assert_eq!(items.iter().map(|item| item.checked).collect::<Vec<_>>(), [Some(false), Some(true)]);
}

/// UI-15: tables, also ragged ones.
#[test]
fn tables_have_a_head_and_rows() {
    let blocks = parse("| Task | Due |\n|:--|--:|\n| **milk** | Fri |\n| bread |\n\nafter");
    let [Block::Table { head, rows }, Block::Paragraph(_)] = blocks.as_slice() else { panic!("{blocks:?}") };
    assert_eq!(*head, [vec![text("Task")], vec![text("Due")]]);
    assert_eq!(rows[0], [vec![Inline::Strong(vec![text("milk")])], vec![text("Fri")]]);
    assert_eq!(rows[1], [vec![text("bread")], vec![]]);
    assert!(matches!(parse("a | b\nno rule").as_slice(), [Block::Paragraph(_)]));
}

fn depth(blocks: &[Block]) -> usize {
    fn of_line(line: &[Inline]) -> usize {
        line.iter()
            .map(|part| match part {
                Inline::Emphasis(c) | Inline::Strong(c) | Inline::Struck(c) | Inline::Link { children: c, .. } => {
                    1 + of_line(c)
                }
                _ => 0,
            })
            .max()
            .unwrap_or(0)
    }
    blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(line) | Block::Heading(_, line) => of_line(line),
            Block::List { items, .. } => 1 + items.iter().map(|item| depth(&item.blocks)).max().unwrap_or(0),
            Block::Quote(blocks) => 1 + depth(blocks),
            Block::Table { head, rows } => {
                head.iter().chain(rows.iter().flatten()).map(|c| of_line(c)).max().unwrap_or(0)
            }
            Block::Code(_) | Block::Rule => 0,
        })
        .max()
        .unwrap_or(0)
}

/// UI-16: hostile texts take time in proportion, nest to a bounded depth, and keep their words.
#[test]
fn hostile_text_is_harmless() {
    const LENGTH: usize = 100_000;
    let nested_list =
        |step: usize| (0..440).map(|n| format!("{}- x\n", " ".repeat(n * step % 440))).collect::<String>();
    let ticks = (1..440).map(|n| format!("{} ", "`".repeat(n))).collect::<String>();
    let mut texts: Vec<String> = [
        "*a ",
        "**a ",
        "_a_",
        "*a **b ",
        "a**b*c",
        "***",
        "[",
        "[a](",
        "](",
        "[a](https://x.example",
        "![",
        "> ",
        ">",
        "- ",
        "1. ",
        "`",
        "`a``",
        "~~a",
        "\\",
        "<http://a",
        "https://a.example ",
        "| ",
        "|-",
        "a|b\n|-|-|\n",
        "#",
        "\n",
        "```\n",
        "  - a\n",
        "* * ",
        "*[a](https://b.example)* ",
        "[**a",
        "x\n",
        "é*",
        "h",
        "((((",
        "[a](https://b.example(((",
        "\t",
    ]
    .iter()
    .map(|unit| unit.repeat(LENGTH / unit.len()))
    .collect();
    texts.extend([nested_list(1), nested_list(2), ticks.clone(), ticks.repeat(2)]);
    texts.push("*".repeat(2).repeat(LENGTH / 8) + "word" + &"*".repeat(LENGTH / 4));
    for source in &texts {
        // Were the time out of proportion, these lengths would take minutes.
        let blocks = parse(source);
        let head: String = source.chars().take(12).collect();
        assert!(depth(&blocks) <= 2 * MAX_DEPTH + 16, "{head:?} is {} deep", depth(&blocks));
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        // Numbers of lists and addresses of links are shown, but not as words.
        if !head.starts_with("1.") && !head.contains("](h") {
            assert_eq!(letters(&plain(&blocks)), letters(source), "{head:?}");
        }
    }
}

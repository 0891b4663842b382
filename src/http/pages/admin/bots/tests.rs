use super::*;
use crate::config::{Config, Values};
use crate::domain::account::Role;
use crate::domain::bot::field::BotField;
use crate::domain::clock::Timestamp;
use crate::http::pages::admin::bots::fields::views_of;
use crate::http::pages::admin::bots::history::HistoryPage;
use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};
use crate::store::bots::BotRevision;

fn fields_of(text: &str) -> Vec<FieldView> {
    let find = |name: &str| (name == "BOT_COLOR").then(|| "#0b7285".to_owned());
    let basis = Config::from_values(&Values::collect(&[&find])).expect("a configuration").basis;
    let all = BotField::ALL.into_iter().map(|field| (field.as_str().to_owned(), text.to_owned()));
    let mut given = Given::read(all.collect());
    let _problems = given.settings();
    views_of(&basis, text, &BotSettings::default(), &given)
}

fn edit_page(text: &str, role: Role, slug: &str) -> EditPage {
    let snippet = || text.to_owned();
    EditPage {
        shell: shell(Section::Bots, role, text),
        styles: "/s.css".to_owned(),
        script: "/s.js".to_owned(),
        slug: slug.to_owned(),
        wanted_slug: text.to_owned(),
        name: text.to_owned(),
        fields: fields_of(text),
        is_active: true,
        is_default: false,
        may_delete: true,
        based_on: 3,
        snippets: Some(Snippets { plain: snippet(), pinned: snippet(), iframe: snippet() }),
        problem: text.to_owned(),
    }
}

#[test]
fn whatever_is_written_stays_text() {
    for text in HOSTILE {
        for role in Role::ALL {
            rendered(&edit_page(text, role, "shop"));
            rendered(&edit_page(text, role, ""));
            let row = || BotRow {
                slug: "shop".to_owned(),
                name: (*text).to_owned(),
                color: "#667eea".to_owned(),
                model: (*text).to_owned(),
                is_active: role == Role::Owner,
                is_default: role == Role::Viewer,
                changed_at: Some("2026-11-20T13:20:00.123Z".to_owned()),
                budget: (*text).to_owned(),
            };
            rendered(&ListPage {
                shell: shell(Section::Bots, role, text),
                bots: vec![row(), row()],
            });
            let mut settings = BotSettings::default();
            settings.set(BotField::SystemPrompt, text).expect("a prompt");
            let revision = |number: u32, settings: BotSettings| BotRevision {
                revision: number,
                settings,
                is_active: false,
                at: Timestamp::from_ms(1_795_180_800_123),
                by: (*text).to_owned(),
                note: (*text).to_owned(),
            };
            let revisions = [revision(2, settings), revision(1, BotSettings::default())];
            rendered(&HistoryPage {
                shell: shell(Section::Bots, role, text),
                slug: "shop".to_owned(),
                revisions: history::views(&revisions),
            });
        }
    }
}

#[test]
fn each_field_says_where_its_value_comes_from() {
    let fields = fields_of("");
    let hint = |name: &str| {
        let field = fields.iter().find(|field| field.name == name);
        field.map(|field| field.hint.clone()).unwrap_or_default()
    };
    assert!(hint("color").contains("Now: #0b7285 (from BOT_COLOR)."), "{}", hint("color"));
    assert!(hint("maxTokens").contains("Now: 2048 (built in)."), "{}", hint("maxTokens"));
    assert_eq!(fields.len(), BotField::ALL.len(), "every value has a field");
    let find = |name: &str| (name == "BOT_COLOR").then(|| "#0b7285".to_owned());
    let basis = Config::from_values(&Values::collect(&[&find])).expect("a configuration").basis;
    let mut set = BotSettings::default();
    set.set(BotField::Color, "#000000").expect("a colour");
    let fields = views_of(&basis, "m", &set, &Given::blank());
    let color = fields.iter().find(|field| field.name == "color").expect("a field");
    assert!(color.hint.contains("left empty, BOT_COLOR counts"), "{}", color.hint);
}

#[test]
fn what_is_wrong_stands_beside_its_field() {
    let html = rendered(&edit_page("red", Role::Editor, "shop"));
    assert!(html.contains("id=\"e-color\">This is `red`, which is not a colour"), "{html}");
    assert!(html.contains("aria-invalid=\"true\""));
}

#[test]
fn viewers_see_a_bot_and_cannot_send_a_form() {
    let html = rendered(&edit_page("x", Role::Viewer, "shop"));
    assert!(!html.contains("<button class=\"button primary\">Save"), "{html}");
    assert!(html.contains("<fieldset class=\"bare-set\" disabled>"));
    assert!(rendered(&edit_page("x", Role::Editor, "shop")).contains("Save"));
}

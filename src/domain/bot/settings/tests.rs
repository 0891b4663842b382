use serde_json::json;

use super::*;

fn settings(pairs: &[(BotField, &str)]) -> BotSettings {
    let mut settings = BotSettings::default();
    for (field, text) in pairs {
        settings.set(*field, text).expect("a value");
    }
    settings
}

fn basis(pairs: &[(BotField, &str)]) -> BotBasis {
    BotBasis {
        settings: settings(pairs),
        models: vec![(ProviderName::OpenAi, "OPENAI_MODEL")],
        providers: vec![ProviderName::OpenAi, ProviderName::Gemini, ProviderName::Demo],
    }
}

#[test]
fn what_is_set_here_wins_over_the_environment_and_that_over_what_is_built_in() {
    let basis = basis(&[(BotField::Name, "Shop"), (BotField::Color, "#0b7285")]);
    let set = settings(&[(BotField::Name, "Ada")]);
    let bot = basis.bot("shop", &set);
    assert_eq!((bot.slug.as_str(), bot.looks.name.as_str()), ("shop", "Ada"));
    assert_eq!((bot.looks.color.as_str(), bot.max_output_tokens), ("#0b7285", 2048));
    assert!(bot.system_prompt.contains("You are Ada"), "{}", bot.system_prompt);
    let origin = |field| basis.origin(&set, field);
    assert_eq!(origin(BotField::Name), Origin::SetHere);
    assert_eq!(origin(BotField::Color), Origin::Environment("BOT_COLOR"));
    assert_eq!(origin(BotField::Icon), Origin::BuiltIn);
}

#[test]
fn an_empty_value_goes_back_to_the_configuration() {
    let basis = basis(&[(BotField::Name, "Shop")]);
    let mut set = settings(&[(BotField::Name, "Ada")]);
    set.set(BotField::Name, " \r\n ").expect("taken away");
    assert_eq!(set, BotSettings::default());
    assert_eq!(basis.bot("x", &set).looks.name, "Shop");
}

#[test]
fn none_takes_away_what_the_configuration_has() {
    let basis = basis(&[
        (BotField::Icon, "/a.png"),
        (BotField::LeadForm, "name"),
        (BotField::Temperature, "0.5"),
        (BotField::Suggestions, "A?|B?"),
    ]);
    let fields = [BotField::Icon, BotField::LeadForm, BotField::Temperature, BotField::Suggestions];
    let bot = basis.bot("x", &BotSettings::default());
    assert_eq!(bot.looks.suggestions, ["A?", "B?"]);
    let bot = basis.bot("x", &settings(&fields.map(|field| (field, NONE))));
    assert_eq!((bot.looks.icon, bot.lead_form, bot.temperature), (None, None, None));
    assert!(bot.looks.suggestions.is_empty());
}

#[test]
fn a_model_goes_with_its_vendor() {
    let basis = basis(&[]);
    let model = (BotField::Model, "model-7");
    let bot = basis.bot("x", &settings(&[(BotField::Provider, "gemini"), model]));
    assert_eq!((bot.provider, bot.model.as_deref()), (ProviderName::Gemini, Some("model-7")));
    let bot = basis.bot("x", &settings(&[(BotField::Provider, "claude"), model]));
    assert_eq!((bot.provider, bot.model), (ProviderName::OpenAi, None), "Claude has no key");
    let none = BotSettings::default();
    assert_eq!(basis.origin(&none, BotField::Model), Origin::Environment("OPENAI_MODEL"));
    let gemini = settings(&[(BotField::Provider, "gemini")]);
    assert_eq!(basis.origin(&gemini, BotField::Model), Origin::BuiltIn);
}

#[test]
fn json_there_and_back_is_the_same() {
    let all = json!({
        "name": "Ada", "provider": "openai", "model": "m", "systemPrompt": "a\nb",
        "maxTokens": 300, "temperature": 0.3, "welcome": "Hi", "suggestions": ["A?", "B?"],
        "followUps": 2, "leadForm": { "fields": ["email!"] }, "color": "#0AF",
        "messageColor": "#00aaff", "icon": "https://a.example/i.png", "position": "left",
        "poweredBy": "none", "language": "de", "strings": { "send": "Go" },
        "allowedOrigins": ["https://a.example", "https://b.example"],
        "messagesPerMinute": 5, "dailyTokens": 1000, });
    let values = all.as_object().expect("an object");
    assert_eq!(values.len(), BotField::ALL.len(), "every field is here");
    let settings = BotSettings::from_json(values).expect("good values");
    assert_eq!(BotSettings::from_json(&settings.to_json()).as_ref(), Ok(&settings));
    let bot = basis(&[]).bot("x", &settings);
    assert_eq!(bot.looks.color, "#00aaff");
    assert_eq!((bot.temperature, bot.limits.daily_tokens), (Some(0.3), Some(1000)));
    let origins = ["https://a.example", "https://b.example"].map(str::to_owned).to_vec();
    assert_eq!(bot.origins, AllowedOrigins::List(origins));
    assert_eq!(bot.lead_form.map(|form| form.fields.len()), Some(1));
}

#[test]
fn every_wrong_value_is_named() {
    let wrong = json!({
        "name": "x".repeat(81), "provider": "gpt", "model": "a b", "maxTokens": 1,
        "temperature": "NaN", "followUps": 4, "leadForm": "A", "color": "red", "messageColor": "#12",
        "icon": "javascript:alert(1)", "position": "top", "language": "<b>", "strings": "x",
        "allowedOrigins": "https://*.example", "messagesPerMinute": 0, "dailyTokens": -1,
        "welcome": "x".repeat(2001), "systemPrompt": "\0", "colour": "#fff", });
    let values = wrong.as_object().expect("an object");
    let problems = BotSettings::from_json(values).expect_err("all wrong");
    let named: Vec<&str> = problems.iter().map(|(name, _)| name.as_str()).collect();
    let given: Vec<&str> = values.keys().map(String::as_str).collect();
    assert_eq!(named, given);
}

#[test]
fn changes_are_found_field_by_field() {
    let before = settings(&[(BotField::Name, "Ada"), (BotField::Color, "#000000")]);
    let after = settings(&[
        (BotField::Name, "Bo"),
        (BotField::Color, "#000000"),
        (BotField::FollowUps, "1"),
    ]);
    let found = after.changes_since(&before);
    let change = |field, before: Option<&str>, after: Option<&str>| BotChange {
        field,
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    let expected = [
        change(BotField::Name, Some("Ada"), Some("Bo")),
        change(BotField::FollowUps, None, Some("1")),
    ];
    assert_eq!(found, expected);
    assert!(after.changes_since(&after).is_empty());
}

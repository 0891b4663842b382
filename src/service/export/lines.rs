//! The lines of the files: pure, from what the store gave to text.

use serde_json::{Value, json};

use crate::domain::message::Message;
use crate::domain::session::Session;
use crate::files::export::{Cell, push_row};
use crate::service::export::Format;
use crate::store::{Lead, Transcript, TranscriptMessage};

/// Columns of a message. The ones of its conversation are repeated on every line.
const MESSAGE_COLUMNS: [&str; 23] = [
    "conversation",
    "bot",
    "began_at",
    "user_identifier",
    "name",
    "email",
    "phone",
    "page_title",
    "page_url",
    "message",
    "at",
    "role",
    "text",
    "status",
    "failure",
    "provider",
    "model",
    "input_tokens",
    "output_tokens",
    "ended_at",
    "rating",
    "comment",
    "replaced",
];
const LEAD_COLUMNS: [&str; 8] =
    ["conversation", "bot", "at", "name", "email", "phone", "consent", "other_details"];

/// What of a conversation stands before its messages.
#[derive(Default)]
pub(super) struct Beginning {
    head: Value,
    cells: [String; 9],
}

impl Beginning {
    pub(super) fn of(session: &Session) -> Self {
        let detail = |key: &str| session.details.get(key).cloned().unwrap_or_default();
        let page = session.config.get("pageContext");
        let page = |key: &str| {
            page.and_then(|page| page.get(key))
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        Self {
            head: json!({
                "sessionId": session.id,
                "bot": session.bot,
                "createdAt": session.created_at,
                "lastActivity": session.last_activity,
                "userIdentifier": session.user_identifier,
                "details": session.details,
                "config": session.config,
            }),
            cells: [
                session.id.to_string(),
                session.bot.clone(),
                session.created_at.to_string(),
                session.user_identifier.clone().unwrap_or_default(),
                detail("name"),
                detail("email"),
                detail("phone"),
                page("title"),
                page("url"),
            ],
        }
    }
}

/// Writes lines of one file.
pub(super) struct Lines {
    format: Format,
    /// What is repeated on every line of CSV.
    cells: [String; 9],
    /// Whether a conversation, or a lead, stands before this one.
    has_items: bool,
    /// Whether a message stands before this one in its conversation.
    has_messages: bool,
}

impl Lines {
    pub(super) fn new(format: Format) -> Self {
        Self { format, cells: Default::default(), has_items: false, has_messages: false }
    }

    pub(super) fn begin_conversations(&self) -> String {
        self.begin(&MESSAGE_COLUMNS)
    }

    pub(super) fn begin_leads(&self) -> String {
        self.begin(&LEAD_COLUMNS)
    }

    fn begin(&self, columns: &[&str]) -> String {
        match self.format {
            // The mark tells spreadsheets that it is UTF-8.
            Format::Csv => csv(columns.iter().map(|name| Cell::Text(name)), "\u{feff}"),
            Format::Json => "[".to_owned(),
            Format::JsonLines => String::new(),
        }
    }

    /// What stands before the next conversation or lead.
    fn separator(&mut self) -> &'static str {
        let had = std::mem::replace(&mut self.has_items, true);
        match (self.format, had) {
            (Format::Json, true) => ",\n",
            (Format::Json, false) => "\n",
            _ => "",
        }
    }

    pub(super) fn begin_conversation(&mut self, beginning: &Beginning) -> String {
        self.has_messages = false;
        self.cells = beginning.cells.clone();
        if self.format == Format::Csv {
            return String::new();
        }
        let separator = self.separator();
        let head = beginning.head.to_string();
        let head = head.strip_suffix('}').unwrap_or(&head);
        format!("{separator}{head},\"messages\":[")
    }

    pub(super) fn messages(&mut self, page: &Transcript) -> String {
        let mut text = String::new();
        for message in &page.messages {
            match self.format {
                Format::Csv => {
                    push_row(&mut text, self.csv_message(message).iter().map(|text| cell(text)))
                }
                Format::Json | Format::JsonLines => {
                    if std::mem::replace(&mut self.has_messages, true) {
                        text.push(',');
                    }
                    text.push_str(&json_message(message).to_string());
                }
            }
        }
        text
    }

    pub(super) fn end_conversation(&self) -> String {
        match self.format {
            Format::Csv => String::new(),
            Format::Json => "]}".to_owned(),
            Format::JsonLines => "]}\n".to_owned(),
        }
    }

    pub(super) fn end_conversations(&self) -> String {
        self.end_leads()
    }

    pub(super) fn end_leads(&self) -> String {
        if self.format == Format::Json { "\n]\n".to_owned() } else { String::new() }
    }

    pub(super) fn lead(&mut self, lead: &Lead) -> String {
        if self.format == Format::Csv {
            let cells = csv_lead(lead);
            return csv(cells.iter().map(|text| cell(text)), "");
        }
        let separator = self.separator();
        let end = if self.format == Format::JsonLines { "\n" } else { "" };
        let lead = json!({ "sessionId": lead.session, "bot": lead.bot, "at": lead.at, "details": lead.details });
        format!("{separator}{lead}{end}")
    }

    fn csv_message(&self, one: &TranscriptMessage) -> Vec<String> {
        let message = &one.message;
        let facts = message.reply.clone().unwrap_or_default();
        let number =
            |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let mut cells = self.cells.to_vec();
        cells.extend([
            message.id.to_string(),
            message.created_at.to_string(),
            message.role.to_string(),
            message.content.clone(),
            message.status.to_string(),
            facts.failure.map(|code| code.to_string()).unwrap_or_default(),
            facts.provider,
            facts.model,
            number(facts.usage.input_tokens),
            number(facts.usage.output_tokens),
            one.ended_at.map(|at| at.to_string()).unwrap_or_default(),
            facts.feedback.as_ref().map(|feedback| feedback.rating.to_string()).unwrap_or_default(),
            facts.feedback.and_then(|feedback| feedback.comment).unwrap_or_default(),
            if one.is_replaced { "yes".to_owned() } else { String::new() },
        ]);
        cells
    }
}

fn csv<'a>(cells: impl IntoIterator<Item = Cell<'a>>, before: &str) -> String {
    let mut line = before.to_owned();
    push_row(&mut line, cells);
    line
}

fn cell(text: &str) -> Cell<'_> {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}

fn csv_lead(lead: &Lead) -> Vec<String> {
    const OWN: [&str; 4] = ["name", "email", "phone", "consent"];
    let mut cells = vec![lead.session.to_string(), lead.bot.clone(), lead.at.to_string()];
    cells.extend(OWN.map(|key| lead.details.get(key).cloned().unwrap_or_default()));
    let others = lead.details.iter().filter(|(key, _)| !OWN.contains(&key.as_str()));
    let others: Vec<String> = others.map(|(key, value)| format!("{key}: {value}")).collect();
    cells.push(others.join("\n"));
    cells
}

fn json_message(one: &TranscriptMessage) -> Value {
    let Message { id, role, content, status, created_at, reply, .. } = &one.message;
    let mut message = json!({
        "messageId": id,
        "role": role,
        "content": content,
        "status": status,
        "createdAt": created_at,
    });
    let Some(fields) = message.as_object_mut() else { return message };
    if one.is_replaced {
        fields.insert("replaced".to_owned(), Value::Bool(true));
    }
    if let Some(facts) = reply {
        fields.extend(
            [
                ("provider", json!(facts.provider)),
                ("model", json!(facts.model)),
                ("finishReason", json!(facts.finish_reason)),
                ("failure", json!(facts.failure)),
                ("usage", json!(facts.usage)),
                ("firstWordAt", json!(one.first_word_at)),
                ("endedAt", json!(one.ended_at)),
                ("rating", json!(facts.feedback.as_ref().map(|feedback| feedback.rating))),
                (
                    "comment",
                    json!(facts.feedback.as_ref().and_then(|feedback| feedback.comment.as_ref())),
                ),
                ("steps", json!(facts.steps)),
                ("unverified", json!(facts.unverified)),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        fields.retain(|_, value| !value.is_null() && value != &json!([]));
    }
    message
}

#[cfg(test)]
mod tests;

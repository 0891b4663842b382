//! Conversations and leads as files: written piece by piece, so that a file may be larger than
//! memory, and in CSV so that no spreadsheet takes a cell for a formula.

mod lines;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::actor::Actor;
use crate::domain::id::SessionId;
use crate::service::export::lines::{Beginning, Lines};
use crate::store::{
    ConversationFilter, ConversationRow, Cursor, Lead, OwnerStore, PageRequest, StoreResult,
    Transcript,
};

/// Conversations read at once.
const CONVERSATIONS: u32 = 50;
/// Messages read at once.
const MESSAGES: u32 = 200;
/// Leads read at once.
const LEADS: u32 = 500;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A line for each message, or for each lead.
    Csv,
    /// One list of conversations, or of leads.
    Json,
    /// A conversation, or a lead, on each line.
    JsonLines,
}

impl Format {
    /// The format of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "jsonl" => Some(Self::JsonLines),
            _ => None,
        }
    }

    /// The ending of files.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
        }
    }

    /// What it is sent as.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        }
    }
}

/// Which conversations.
#[derive(Debug, Clone)]
pub enum Which {
    /// Those of a list.
    Listed(ConversationFilter),
    /// This one.
    One(SessionId),
}

/// A file of conversations being written.
pub struct ConversationFile {
    store: Arc<dyn OwnerStore>,
    actor: Actor,
    lines: Lines,
    which: Option<Which>,
    next: Option<Cursor>,
    waiting: VecDeque<SessionId>,
    open: Option<OpenConversation>,
    is_begun: bool,
    is_over: bool,
}

/// A conversation of which some messages are still to be written.
struct OpenConversation {
    session: SessionId,
    /// Where its pages begin, the oldest one last. Pages are read from the newest on, files are
    /// written from the oldest on.
    pages: Vec<Option<Cursor>>,
}

impl ConversationFile {
    /// A file of what `actor` may see.
    #[must_use]
    pub fn new(store: Arc<dyn OwnerStore>, actor: Actor, which: Which, format: Format) -> Self {
        Self {
            store,
            actor,
            lines: Lines::new(format),
            which: Some(which),
            next: None,
            waiting: VecDeque::new(),
            open: None,
            is_begun: false,
            is_over: false,
        }
    }

    /// The next piece; `None` behind the last one.
    ///
    /// # Errors
    /// The database failed: the file is not whole.
    pub async fn next(&mut self) -> StoreResult<Option<String>> {
        if !self.is_begun {
            self.is_begun = true;
            return Ok(Some(self.lines.begin_conversations()));
        }
        while !self.is_over {
            if let Some(piece) = self.piece().await? {
                return Ok(Some(piece));
            }
        }
        Ok(None)
    }

    /// One step: messages, or the next conversation, or the next page of the list, or the end.
    async fn piece(&mut self) -> StoreResult<Option<String>> {
        if let Some(mut open) = self.open.take() {
            let Some(place) = open.pages.pop() else {
                return Ok(Some(self.lines.end_conversation()));
            };
            let page = self.transcript(open.session, place).await?;
            self.open = Some(open);
            return Ok(page.map(|page| self.lines.messages(&page)));
        }
        if let Some(session) = self.waiting.pop_front() {
            return self.begin(session).await;
        }
        match self.which.take() {
            Some(Which::One(session)) => self.waiting.push_back(session),
            Some(Which::Listed(filter)) => self.list(filter).await?,
            None => {
                self.is_over = true;
                return Ok(Some(self.lines.end_conversations()));
            }
        }
        Ok(None)
    }

    async fn list(&mut self, filter: ConversationFilter) -> StoreResult<()> {
        let request = PageRequest { after: self.next.take(), limit: CONVERSATIONS };
        let page = self.store.conversations(&self.actor, filter.clone(), request).await?;
        self.waiting.extend(page.items.iter().map(|row: &ConversationRow| row.session));
        self.next = page.next;
        if self.next.is_some() {
            self.which = Some(Which::Listed(filter));
        }
        Ok(())
    }

    /// Begins a conversation: its head, with the messages if they are few. One that was deleted
    /// meanwhile is left out.
    async fn begin(&mut self, session: SessionId) -> StoreResult<Option<String>> {
        let Some(newest) = self.transcript(session, None).await? else { return Ok(None) };
        let mut text = self.lines.begin_conversation(&Beginning::of(&newest.session));
        let mut pages = vec![None];
        let mut older = newest.older.clone();
        while let Some(place) = older {
            let page = self.transcript(session, Some(place.clone())).await?;
            pages.push(Some(place));
            older = page.and_then(|page| page.older);
        }
        if pages.len() == 1 {
            pages.clear();
            text.push_str(&self.lines.messages(&newest));
        }
        self.open = Some(OpenConversation { session, pages });
        Ok(Some(text))
    }

    async fn transcript(
        &self,
        session: SessionId,
        after: Option<Cursor>,
    ) -> StoreResult<Option<Transcript>> {
        let request = PageRequest { after, limit: MESSAGES };
        self.store.transcript(&self.actor, session, request).await
    }
}

/// A file of leads being written.
pub struct LeadFile {
    store: Arc<dyn OwnerStore>,
    actor: Actor,
    lines: Lines,
    words: Option<String>,
    next: Option<Cursor>,
    is_begun: bool,
    is_over: bool,
}

impl LeadFile {
    /// A file of the leads that hold `words`.
    #[must_use]
    pub fn new(
        store: Arc<dyn OwnerStore>,
        actor: Actor,
        words: Option<String>,
        format: Format,
    ) -> Self {
        let lines = Lines::new(format);
        Self { store, actor, lines, words, next: None, is_begun: false, is_over: false }
    }

    /// The next piece; `None` behind the last one.
    ///
    /// # Errors
    /// The database failed: the file is not whole.
    pub async fn next(&mut self) -> StoreResult<Option<String>> {
        if self.is_over {
            return Ok(None);
        }
        let mut text = if self.is_begun { String::new() } else { self.lines.begin_leads() };
        self.is_begun = true;
        let request = PageRequest { after: self.next.take(), limit: LEADS };
        let page = self.store.leads(&self.actor, self.words.as_deref(), request).await?;
        page.items.iter().for_each(|lead: &Lead| text.push_str(&self.lines.lead(lead)));
        self.next = page.next;
        if self.next.is_none() {
            self.is_over = true;
            text.push_str(&self.lines.end_leads());
        }
        Ok(Some(text))
    }
}

//! The native API as tests speak it.

use std::time::Duration;

use serde_json::{Value, json};

use super::events::Events;
use super::http::{Answer, Call};

/// A server's address and a client to ask it with.
pub struct Api {
    /// `http://127.0.0.1:port`.
    pub base: String,
    client: reqwest::Client,
}

/// A session as its visitor holds it.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Its id.
    pub id: String,
    /// Its token, if it is protected.
    pub token: Option<String>,
}

impl Api {
    /// The server at `base`.
    pub fn at(base: String) -> Self {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::none())
            .build();
        Self { base, client: client.expect("a client") }
    }

    /// A request of this server.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let method = method.parse().expect("a method");
        Call(self.client.request(method, format!("{}{path}", self.base)))
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send().await
    }

    /// `POST path` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path).json(body).send().await
    }

    /// Begins a session with these wishes.
    pub async fn begin(&self, wishes: &Value) -> Visit {
        let answer = self.post("/api/sessions/create", wishes).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let created = answer.json();
        Visit {
            id: text_of(&created["sessionId"]),
            token: created["visitorToken"].as_str().map(str::to_owned),
        }
    }

    /// Begins a session that opens by its id alone.
    pub async fn open(&self) -> Visit {
        self.begin(&json!({})).await
    }

    /// Begins a session that opens by its token.
    pub async fn protected(&self) -> Visit {
        self.begin(&json!({ "protected": true })).await
    }

    /// A request that shows the visit's token.
    pub fn as_visitor(&self, visit: &Visit, method: &str, path: &str) -> Call {
        self.call(method, path).token(visit.token.as_deref())
    }

    /// Says something and waits for the whole reply.
    pub async fn say(&self, visit: &Visit, message: &str) -> Answer {
        self.send(visit, &json!({ "message": message })).await
    }

    /// Sends a message with more fields and waits for the whole reply.
    pub async fn send(&self, visit: &Visit, fields: &Value) -> Answer {
        self.message(visit, fields).send().await
    }

    /// Says something and follows the reply.
    pub async fn ask(&self, visit: &Visit, message: &str) -> Events {
        self.stream(visit, &json!({ "message": message })).await
    }

    /// Sends a message with more fields and follows the reply.
    pub async fn stream(&self, visit: &Visit, fields: &Value) -> Events {
        let mut fields = fields.clone();
        fields["stream"] = json!(true);
        self.message(visit, &fields).events().await
    }

    /// A message, not yet sent.
    pub fn message(&self, visit: &Visit, fields: &Value) -> Call {
        let mut body = fields.clone();
        body["sessionId"] = json!(visit.id);
        self.as_visitor(visit, "POST", "/api/chat/message").json(&body)
    }

    /// Follows a reply from `offset` on.
    pub async fn resume(&self, visit: &Visit, reply: &str, offset: usize) -> Events {
        let path = format!("/api/chat/replies/{reply}?sessionId={}&offset={offset}", visit.id);
        self.as_visitor(visit, "GET", &path).events().await
    }

    /// Stops a reply.
    pub async fn stop_reply(&self, visit: &Visit, reply: &str) -> Answer {
        let path = format!("/api/chat/replies/{reply}/stop?sessionId={}", visit.id);
        self.as_visitor(visit, "POST", &path).send().await
    }

    /// The conversation as stored.
    pub async fn history(&self, visit: &Visit) -> Vec<Value> {
        let path = format!("/api/chat/history/{}", visit.id);
        let answer = self.as_visitor(visit, "GET", &path).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["messages"].as_array().expect("messages").clone()
    }
}

/// A JSON string's text.
pub fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

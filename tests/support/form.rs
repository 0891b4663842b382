//! Forms with files, as browsers send them, and as no browser would.

use super::api::{Api, Visit};
use super::http::{Answer, Call};

/// What stands between the parts of the forms made here.
pub const BOUNDARY: &str = "----boundary7f3a";
/// The content type of these forms.
pub const FORM: &str = "multipart/form-data; boundary=----boundary7f3a";

/// A form, not yet sent.
#[derive(Default)]
pub struct Form(Vec<u8>);

impl Form {
    /// Adds a field.
    pub fn field(self, name: &str, value: &str) -> Self {
        self.part(&format!("Content-Disposition: form-data; name=\"{name}\""), value.as_bytes())
    }

    /// Adds a file.
    pub fn file(self, name: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv"
        );
        self.part(&head, bytes)
    }

    /// Adds a part with a head of its own.
    pub fn part(mut self, head: &str, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    /// Its bytes with the last boundary.
    pub fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }

    /// Its bytes without a last boundary.
    pub fn unended(self) -> Vec<u8> {
        self.0
    }
}

impl Api {
    /// An upload, not yet sent.
    pub fn uploading(&self, visit: &Visit, body: Vec<u8>) -> Call {
        self.as_visitor(visit, "POST", "/api/files/upload").header("content-type", FORM).body(body)
    }

    /// Uploads a file.
    pub async fn upload(&self, visit: &Visit, name: &str, bytes: &[u8]) -> Answer {
        let form = Form::default().field("sessionId", &visit.id).file(name, bytes);
        self.uploading(visit, form.end()).send().await
    }

    /// Asks the session's tables or its latest file.
    pub async fn ask_file(&self, visit: &Visit, body: &serde_json::Value) -> Answer {
        let path = format!("/api/files/query/{}", visit.id);
        self.as_visitor(visit, "POST", &path).json(body).send().await
    }

    /// What is known of the session's files.
    pub async fn file_info(&self, visit: &Visit) -> Answer {
        let path = format!("/api/files/info/{}", visit.id);
        self.as_visitor(visit, "GET", &path).send().await
    }

    /// Deletes the session's latest file.
    pub async fn delete_file(&self, visit: &Visit) -> Answer {
        let path = format!("/api/files/{}", visit.id);
        self.as_visitor(visit, "DELETE", &path).send().await
    }
}

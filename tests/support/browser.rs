//! A browser without scripts: keeps cookies, fills in forms, follows nothing by itself.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::app::TestApp;
use super::http::{Answer, Call};

/// The password of everybody in these tests.
pub const PASSWORD: &str = "kind otter 7";

/// A browser at one server.
pub struct Browser {
    base: String,
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    /// A fresh one.
    pub fn at(app: &TestApp) -> Self {
        let policy = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder().redirect(policy).build().expect("a client");
        Self { base: app.base.clone(), client, cookies: Mutex::default() }
    }

    /// One in which somebody with this role is signed in.
    pub async fn of(app: &TestApp, username: &str, role: &str) -> Self {
        make_account(app, username, role).await;
        let browser = Self::at(app);
        let answer = browser.sign_in(username, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser
    }

    /// Fills in the login form.
    pub async fn sign_in(&self, username: &str, password: &str) -> Answer {
        let fields = [("username", username), ("password", password)];
        self.submit("/admin/login", "/admin/login", &fields).await
    }

    /// What this browser sends with every request.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let method = method.parse().expect("a method");
        let call = Call(self.client.request(method, format!("{}{path}", self.base)));
        match self.cookies().as_str() {
            "" => call,
            cookies => call.header("cookie", cookies),
        }
    }

    /// Its cookies, as it sends them.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.lock().expect("not poisoned");
        let pairs: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.keep(self.call("GET", path).send().await)
    }

    /// Opens the page with a form, fills it in and sends it to `path`.
    pub async fn submit(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = csrf_of(&self.get(page).await.text()).unwrap_or_default();
        let mut all = vec![("csrf", token.as_str())];
        all.extend(fields);
        self.post(path, &all).await
    }

    /// Sends exactly these fields, as the page's own form would.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let call = self
            .call("POST", path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", &self.base)
            .header("sec-fetch-site", "same-origin")
            .body(encoded(fields));
        self.keep(call.send().await)
    }

    /// Keeps the cookies of an answer, and checks how they are set.
    fn keep(&self, answer: Answer) -> Answer {
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().expect("a text");
            let (pair, attributes) = line.split_once("; ").expect("attributes");
            assert!(attributes.starts_with("HttpOnly; SameSite=Lax; Secure; Path=/"), "{line}");
            assert!(pair.starts_with("__Host-"), "{line}");
            let (name, value) = pair.split_once('=').expect("a value");
            let mut cookies = self.cookies.lock().expect("not poisoned");
            match attributes.contains("Max-Age=0") {
                true => cookies.remove(name),
                false => cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }
}

/// A form's body.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The token of the first form on a page.
pub fn csrf_of(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("name=\"csrf\" value=\"")?;
    rest.split_once('"').map(|(token, _)| token.to_owned())
}

/// Makes an account with this role: registered as anybody may, then raised behind the server's back.
pub async fn make_account(app: &TestApp, username: &str, role: &str) {
    let body = serde_json::json!({
        "username": username,
        "email": format!("{username}@example.com"),
        "password1": PASSWORD,
        "password2": PASSWORD,
    });
    let made = app.post("/api/v1/accounts/register/", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let db = rusqlite::Connection::open(&app.database).expect("the database");
    db.busy_timeout(std::time::Duration::from_secs(5)).expect("a wait");
    db.execute("update accounts set role = ?1 where username = ?2", [role, username])
        .expect("the role is set");
}

//! Which names are answered, and which sites may send cookies along.

use crate::support::app::TestApp;
use crate::support::http::Answer;

const SITE: &str = "https://shop.example";

async fn ask(app: &TestApp, path: &str, host: &str) -> Answer {
    app.call("GET", path).header("host", host).send().await
}

#[tokio::test]
async fn a_foreign_host_is_refused_on_every_route() {
    let hosts = "localhost, 127.0.0.1, .shop.example";
    let app = TestApp::setup().set("ALLOWED_HOSTS", hosts).start().await;
    for path in ["/", "/health", "/api/health/", "/widget.js", "/embed", "/api/chat/", "/nothing"] {
        for host in ["evil.example", "shop.example.evil.example", "127.0.0.1.evil.example:80"] {
            ask(&app, path, host).await.refused(400, "host_not_allowed");
        }
    }
    for host in ["localhost", "LOCALHOST:9000", "127.0.0.1", "shop.example", "a.b.shop.example."] {
        assert_eq!(ask(&app, "/health", host).await.status, 200, "{host}");
    }
    let forwarded = app.call("GET", "/health").header("x-forwarded-host", "evil.example");
    assert_eq!(forwarded.send().await.status, 200, "only the name asked for counts");
}

#[tokio::test]
async fn without_a_list_every_host_is_answered() {
    let app = TestApp::setup().start().await;
    assert_eq!(ask(&app, "/health", "whatever.example").await.status, 200);
}

#[tokio::test]
async fn credentials_are_allowed_to_listed_sites_and_on_the_api_only() {
    let setup = TestApp::setup().set("CORS_ALLOWED_ORIGINS", SITE);
    let app = setup.set("CORS_ALLOW_CREDENTIALS", "True").start().await;
    let credentials = "access-control-allow-credentials";
    for path in ["/api/health/", "/api/chat/", "/api/chat/nothing/", "/health"] {
        let answer = app.call("GET", path).header("origin", SITE).send().await;
        assert_eq!(answer.header(credentials), Some("true"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(SITE), "{path}");
        let foreign = app.call("GET", path).header("origin", "https://evil.example").send().await;
        assert_eq!(foreign.header("access-control-allow-origin"), None, "{path}");
    }
    for path in ["/", "/embed", "/admin/", "/admin/login"] {
        let page = app.call("GET", path).header("origin", SITE).0.send().await.expect("a page");
        assert_eq!(page.headers().get(credentials), None, "{path}");
    }
}

#[tokio::test]
async fn older_front_ends_may_ask_before_they_send() {
    let setup = TestApp::setup().set("CORS_ALLOWED_ORIGINS", SITE);
    let app = setup.set("CORS_ALLOW_CREDENTIALS", "True").start().await;
    for path in [
        "/api/chat/",
        "/api/chat/new/",
        "/api/talk/",
        "/api/new_chat/",
        "/api/chat/message/",
        "/api/chat/sessions/create_session/",
        "/api/chat/sessions/update_user_details/",
        "/api/v1/accounts/login/",
        "/api/v1/chat/",
    ] {
        let preflight = app
            .call("OPTIONS", path)
            .header("origin", SITE)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type,x-csrftoken,authorization");
        let answer = preflight.send().await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(SITE), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"), "{path}");
        let allowed = answer.header("access-control-allow-headers").expect("headers");
        for header in ["content-type", "x-csrftoken", "x-requested-with", "authorization"] {
            assert!(allowed.contains(header), "{path}: {allowed}");
        }
    }
}

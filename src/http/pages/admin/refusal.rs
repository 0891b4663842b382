//! Errors under `/admin` as pages: what happened, what to do, the number to find it in the log.

use askama::Template;

use crate::http::error::{ErrorCode, ErrorView};
use crate::http::pages::admin::shell::PageFiles;

#[derive(Template)]
#[template(path = "admin/refusal.html")]
struct RefusalPage<'a> {
    files: PageFiles,
    status: u16,
    title: &'a str,
    sentence: &'a str,
    retry_after_seconds: Option<u64>,
    request: String,
}

/// Writes an error. Its cause is in the log only.
pub(crate) fn write(error: &ErrorView<'_>) -> String {
    let status = error.code.status().as_u16();
    let page = RefusalPage {
        files: PageFiles::of_this_build(),
        status,
        title: title(status),
        sentence: match error.code {
            // The heading says it already.
            ErrorCode::NotFound => "The page may be gone, or the address has a slip",
            _ => error.sentence,
        },
        retry_after_seconds: error.retry_after_seconds,
        request: error.request.to_string(),
    };
    page.render().unwrap_or_else(|_| page.sentence.to_owned())
}

fn title(status: u16) -> &'static str {
    match status {
        401 => "Please sign in",
        403 => "Not allowed",
        404 => "There is nothing here",
        405 => "Not possible here",
        413 => "Too large",
        429 => "Please wait a moment",
        400..=499 => "That did not work",
        503 => "Not available at the moment",
        _ => "Something went wrong",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::RequestId;
    use crate::http::pages::admin::samples::{HOSTILE, rendered};

    #[test]
    fn errors_are_pages_that_escape_their_sentence() {
        for text in HOSTILE {
            for code in ErrorCode::ALL {
                let page = write(&ErrorView {
                    code: *code,
                    sentence: text,
                    retry_after_seconds: Some(1),
                    request: RequestId::random(),
                });
                assert!(!page.contains("<script>"), "{page}");
            }
            rendered(&RefusalPage {
                files: PageFiles::of_this_build(),
                status: 404,
                title: text,
                sentence: text,
                retry_after_seconds: None,
                request: (*text).to_owned(),
            });
        }
    }
}

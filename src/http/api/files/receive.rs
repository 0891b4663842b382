//! The form of an upload.

use crate::domain::actor::Actor;
use crate::domain::file::FileName;
use crate::domain::id::SessionId;
use crate::http::api::session_id;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::upload::Form;
use crate::service::guard::AddressKey;
use crate::service::upload::{Room, Upload, Uploads, promised_kind};

/// Reads the form. The session is checked as soon as it is known: before the file, if it stands
/// before it.
pub(super) async fn receive(
    uploads: &Uploads,
    (actor, address): (&Actor, AddressKey),
    form: &mut Form,
) -> ApiResult<(SessionId, Upload)> {
    let (mut session, mut upload) = (None, None);
    while let Some(part) = form.next_part().await? {
        match (part.name.as_str(), part.file_name.filter(|name| !name.is_empty())) {
            ("sessionId", None) if session.is_none() => {
                let id = session_id(Some(&form.text().await?))?;
                uploads.admit(actor, address, id).await?;
                session = Some(id);
            }
            ("file", Some(name)) if upload.is_none() => {
                upload = Some(receive_file(uploads, form, &name).await?);
            }
            ("sessionId" | "file", _) if session.is_some() && upload.is_some() => {
                return Err(ApiError::from(ErrorCode::InvalidUpload)
                    .saying("Send one file at a time, for one session"));
            }
            _ => {}
        }
    }
    let session = session.ok_or(ErrorCode::MissingSessionId)?;
    Ok((session, upload.ok_or(ErrorCode::MissingFile)?))
}

async fn receive_file(uploads: &Uploads, form: &mut Form, name: &str) -> ApiResult<Upload> {
    let name = FileName::cleaned(name);
    promised_kind(&name)?;
    let max_bytes = uploads.limits().max_bytes;
    let mut room = Room::default();
    let check = |bytes: usize| {
        if u64::try_from(bytes).is_ok_and(|bytes| bytes > max_bytes) {
            return Err(ErrorCode::FileTooLarge.into());
        }
        Ok(uploads.make_room(&mut room, bytes)?)
    };
    let bytes = form.content(check).await?;
    Ok(Upload { name, bytes, room })
}

//! What the problems of a service are called to clients.

use crate::http::error::{ApiError, ErrorCode};
use crate::service::accounts::AccountProblem;
use crate::service::upload::FileProblem;

impl From<FileProblem> for ApiError {
    fn from(problem: FileProblem) -> Self {
        let code = match &problem {
            FileProblem::Off => ErrorCode::FilesOff,
            FileProblem::NotFound => ErrorCode::FileNotFound,
            FileProblem::Kind(_) => ErrorCode::FileTypeRefused,
            FileProblem::Unreadable(_) => ErrorCode::FileUnreadable,
            FileProblem::TooSlow => ErrorCode::FileTooSlow,
            FileProblem::TooMany { .. } => ErrorCode::TooManyFiles,
            FileProblem::SessionFull { .. } => ErrorCode::SessionFilesFull,
            FileProblem::StoreFull => ErrorCode::FilesFull,
            FileProblem::QueryRefused(_) => ErrorCode::QueryRefused,
            FileProblem::QueryTooSlow(_) => ErrorCode::QueryTooSlow,
        };
        match problem {
            FileProblem::Kind(sentence)
            | FileProblem::Unreadable(sentence)
            | FileProblem::QueryRefused(sentence)
            | FileProblem::QueryTooSlow(sentence)
                if !sentence.is_empty() =>
            {
                Self::from(code).saying(sentence)
            }
            _ => code.into(),
        }
    }
}

impl From<AccountProblem> for ApiError {
    fn from(problem: AccountProblem) -> Self {
        match problem {
            AccountProblem::RegistrationClosed => ErrorCode::RegistrationClosed.into(),
            AccountProblem::NoInvitation => ErrorCode::InvitationInvalid.into(),
            AccountProblem::WrongCredentials => ErrorCode::WrongCredentials.into(),
            AccountProblem::NotAllowed => ErrorCode::NotAllowed.into(),
            AccountProblem::NoAccount => ErrorCode::AccountNotFound.into(),
            AccountProblem::NoToken => ErrorCode::TokenNotFound.into(),
            AccountProblem::LastOwner => ErrorCode::LastOwner.into(),
            AccountProblem::Refused(problems) => {
                let error = Self::from(ErrorCode::InvalidRequest);
                problems.into_iter().fold(error, |error, problem| {
                    error.field(problem.field().as_str(), problem.to_string())
                })
            }
        }
    }
}

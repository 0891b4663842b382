//! `createsuperuser` and `token`: accounts on the command line.

use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::app::desk::Desk;
use crate::config::Config;
use crate::domain::account::{ApiToken, TokenId};
use crate::domain::secret::Secret;

const USERNAME: &str = "username";
const EMAIL: &str = "email";
const PASSWORD_STDIN: &str = "password-stdin";
const ACCOUNT: &str = "account";
const NAME: &str = "name";
const DAYS: &str = "days";
const ID: &str = "id";

/// No password is longer; whatever comes behind it is refused with it.
const MAX_PASSWORD_BYTES: u64 = 4096;

/// `alcove createsuperuser`.
pub(super) fn create_owner_command() -> Command {
    Command::new("createsuperuser")
        .about("Make an owner, who may do everything in the admin pages")
        .arg(option(USERNAME, "NAME", "The name to sign in with; asked for if it is left out"))
        .arg(option(EMAIL, "ADDRESS", "The e-mail address, which may be empty"))
        .arg(
            Arg::new(PASSWORD_STDIN)
                .long(PASSWORD_STDIN)
                .action(ArgAction::SetTrue)
                .help("Read the password from standard input, one line, instead of asking for it"),
        )
}

/// `alcove token`.
pub(super) fn token_command() -> Command {
    Command::new("token")
        .about("Make, list and revoke API tokens")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("create")
                .about("Make a token and print it, once and never again")
                .arg(option(ACCOUNT, "NAME", "Whose it is").required(true))
                .arg(option(NAME, "WORDS", "What to call it").default_value("command line"))
                .arg(
                    option(DAYS, "NUMBER", "Days after which it ends; else it holds until revoked")
                        .value_parser(value_parser!(u32).range(1..=36_500)),
                ),
        )
        .subcommand(
            Command::new("list")
                .about("Print the tokens there are, without the tokens themselves")
                .arg(option(ACCOUNT, "NAME", "Only those of this account")),
        )
        .subcommand(
            Command::new("revoke").about("End a token at once").arg(
                Arg::new(ID)
                    .value_name("NUMBER")
                    .required(true)
                    .value_parser(value_parser!(i64))
                    .help("Its number in the list"),
            ),
        )
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

/// Makes an owner; asks for what was not given, if somebody is there to answer.
///
/// # Errors
/// What is wrong, for whoever sits there.
pub(super) fn create_owner(config: &Config, args: &ArgMatches) -> Result<String, String> {
    let given = |name| args.get_one::<String>(name).cloned();
    let from_input = args.get_flag(PASSWORD_STDIN);
    let may_ask = std::io::stdin().is_terminal() && !from_input;
    let username = match given(USERNAME) {
        Some(username) => username,
        None if may_ask => asked("Username")?,
        None => return Err("--username is needed, since nobody is there to ask".to_owned()),
    };
    let email = match given(EMAIL) {
        Some(email) => email,
        None if may_ask => asked("Email address (may be empty)")?,
        None => String::new(),
    };
    let password = match (from_input, may_ask) {
        (true, _) => password_of_input()?,
        (false, true) => asked_password()?,
        (false, false) => {
            return Err("--password-stdin is needed, since nobody is there to ask".to_owned());
        }
    };
    let account = at_desk(Desk::open(config)?, async |desk: &Desk| {
        desk.make_owner(username, email, password).await
    })?;
    Ok(format!("{} is an owner now: sign in at /admin/\n", account.username))
}

/// Makes, lists or revokes tokens.
///
/// # Errors
/// What is wrong, for whoever sits there.
pub(super) fn token(config: &Config, args: &ArgMatches) -> Result<String, String> {
    let desk = Desk::open_existing(config)?;
    at_desk(desk, async |desk: &Desk| match args.subcommand() {
        Some(("create", args)) => {
            let text = |name| args.get_one::<String>(name).map_or("", String::as_str);
            let days = args.get_one(DAYS).copied();
            let token = desk.make_token(text(ACCOUNT), text(NAME), days).await?;
            Ok(format!("{}\n", token.expose()))
        }
        Some(("revoke", args)) => {
            let id = TokenId::new(args.get_one(ID).copied().unwrap_or_default());
            desk.revoke_token(id).await?;
            Ok(format!("Token {id} has ended.\n"))
        }
        other => {
            let account = other.and_then(|(_, args)| args.get_one::<String>(ACCOUNT));
            Ok(as_list(&desk.tokens(account.map(String::as_str)).await?))
        }
    })
}

fn at_desk<T>(desk: Desk, work: impl AsyncFnOnce(&Desk) -> Result<T, String>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("The runtime cannot start: {error}"))?;
    runtime.block_on(async {
        let done = work(&desk).await;
        desk.close().await;
        done
    })
}

fn asked(what: &str) -> Result<String, String> {
    let mut answer = String::new();
    let told = |error: std::io::Error| format!("{what} cannot be read: {error}");
    write!(std::io::stderr(), "{what}: ").map_err(told)?;
    std::io::stdin().lock().read_line(&mut answer).map_err(told)?;
    Ok(answer.trim().to_owned())
}

/// Twice, since nobody sees what they type.
fn asked_password() -> Result<Secret, String> {
    let ask = |prompt: &str| {
        rpassword::prompt_password(prompt)
            .map_err(|error| format!("The password cannot be read: {error}"))
    };
    let (one, other) = (ask("Password: ")?, ask("Password (again): ")?);
    if one == other { Ok(Secret::new(one)) } else { Err("the passwords differ".to_owned()) }
}

/// The first line.
fn password_of_input() -> Result<Secret, String> {
    let mut line = String::new();
    let mut input = std::io::stdin().lock().take(MAX_PASSWORD_BYTES);
    input.read_line(&mut line).map_err(|error| format!("The password cannot be read: {error}"))?;
    Ok(Secret::new(line.trim_end_matches(['\n', '\r'])))
}

/// A line for each token, its parts separated by tabs.
fn as_list(tokens: &[ApiToken]) -> String {
    if tokens.is_empty() {
        return "There are no tokens.\n".to_owned();
    }
    let mut text = "number\taccount\tname\tends in\tmade\tlast used\tends\n".to_owned();
    for token in tokens {
        let time = |time: Option<crate::domain::clock::Timestamp>| {
            time.map_or_else(|| "never".to_owned(), |time| time.to_string())
        };
        let name: String = token.name.chars().filter(|c| !c.is_control()).collect();
        text.push_str(&format!(
            "{}\t{}\t{name}\t…{}\t{}\t{}\t{}\n",
            token.id,
            token.username,
            token.ending,
            token.created_at,
            time(token.last_used_at),
            time(token.expires_at),
        ));
    }
    text
}

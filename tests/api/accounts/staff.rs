//! Staff: logins, invitations, roles, as the admin pages use them.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use alcove::domain::account::{Account, Role, Staff};
use alcove::domain::actor::Actor;
use alcove::domain::secret::{Secret, TokenHash};
use alcove::service::ServiceError;
use alcove::service::accounts::{AccountProblem, Accounts, NewAccount};
use alcove::service::audit::Author;
use alcove::service::guard::AddressKey;

use super::PASSWORD;
use crate::support::app::TestApp;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn here() -> AddressKey {
    AddressKey::from(HERE)
}

fn filled_in(username: &str) -> NewAccount {
    NewAccount {
        username: username.to_owned(),
        email: format!("{username}@example.com"),
        password: Secret::new(PASSWORD),
    }
}

fn author(account: &Account) -> Author {
    let staff = Staff { account: account.id, role: account.role };
    Author { actor: Actor::Staff(staff), username: account.username.clone() }
}

async fn signs_in(accounts: &Accounts, name: &str, password: &str) -> Option<TokenHash> {
    match accounts.sign_in_to_pages(here(), name, Secret::new(password)).await {
        Ok((_, secret)) => Some(TokenHash::of(secret.expose())),
        Err(ServiceError::Account(AccountProblem::WrongCredentials)) => None,
        Err(other) => panic!("{other}"),
    }
}

async fn is_signed_in(accounts: &Accounts, login: TokenHash) -> bool {
    accounts.staff_of_login(login).await.expect("read").is_some()
}

#[tokio::test]
async fn the_first_link_makes_one_owner_and_no_second() {
    let app = TestApp::setup().start().await;
    let accounts = &app.accounts;
    for (name, password) in [("admin", "admin"), ("admin", "password"), ("root", "root"), ("", "")]
    {
        assert_eq!(signs_in(accounts, name, password).await, None, "no account is there by itself");
    }
    let old = accounts.first_run_link().await.expect("made").expect("no owner yet");
    let link = accounts.first_run_link().await.expect("made").expect("no owner yet");
    let takes = async |secret: &Secret, name| {
        accounts.accept_invitation(here(), secret.expose(), filled_in(name)).await
    };
    let refused = |answer| {
        let told: Result<Account, ServiceError> = answer;
        matches!(told, Err(ServiceError::Account(AccountProblem::NoInvitation)))
    };
    assert!(refused(takes(&old, "eve").await), "a newer link ends the older one");
    let owner = takes(&link, "ada").await.expect("made");
    assert_eq!(owner.role, Role::Owner);
    assert!(refused(takes(&link, "eve").await), "once only");
    assert!(accounts.first_run_link().await.expect("asked").is_none());
}

#[tokio::test]
async fn the_first_link_holds_for_an_hour() {
    let app = TestApp::setup().start().await;
    let link = app.accounts.first_run_link().await.expect("made").expect("no owner yet");
    app.clock.advance_minutes(59);
    assert_eq!(app.accounts.invitation(link.expose()).await.expect("read"), Some(Role::Owner));
    app.clock.advance_minutes(1);
    assert_eq!(app.accounts.invitation(link.expose()).await.expect("read"), None);
}

#[tokio::test]
async fn members_get_the_same_answer_as_wrong_passwords_on_the_admin_pages() {
    let app = TestApp::setup().start().await;
    let accounts = &app.accounts;
    accounts.register(here(), filled_in("bob"), None).await.expect("made");
    assert_eq!(signs_in(accounts, "bob", PASSWORD).await, None);
    accounts.make_owner(filled_in("ada")).await.expect("made");
    assert!(signs_in(accounts, "Ada", PASSWORD).await.is_some());
    assert_eq!(signs_in(accounts, "ada", "wrong otter 7").await, None);
}

#[tokio::test]
async fn every_login_is_a_new_one_and_ends_by_itself() {
    let app = TestApp::setup().set("LOGIN_DAYS", "20").start().await;
    let accounts = &app.accounts;
    accounts.make_owner(filled_in("ada")).await.expect("made");
    let first = signs_in(accounts, "ada", PASSWORD).await.expect("signed in");
    let second = signs_in(accounts, "ada", PASSWORD).await.expect("signed in");
    assert_ne!(first, second, "no login can be laid for somebody else to use");
    assert!(accounts.sign_out_login(first).await.expect("ended"));
    assert!(!is_signed_in(accounts, first).await);
    let day = Duration::from_secs(24 * 60 * 60);
    app.clock.advance(13 * day);
    assert!(is_signed_in(accounts, second).await, "and that counts as use");
    app.clock.advance(6 * day);
    assert!(is_signed_in(accounts, second).await);
    app.clock.advance(2 * day);
    assert!(!is_signed_in(accounts, second).await, "over after LOGIN_DAYS, used or not");
    let idle = signs_in(accounts, "ada", PASSWORD).await.expect("signed in");
    app.clock.advance(15 * day);
    assert!(!is_signed_in(accounts, idle).await, "over after two idle weeks");
}

#[tokio::test]
async fn only_owners_manage_accounts_of_others() {
    let app = TestApp::setup().start().await;
    let accounts = &app.accounts;
    let owner = accounts.make_owner(filled_in("ada")).await.expect("made");
    let bob = accounts.register(here(), filled_in("bob"), None).await.expect("made");
    let editor = Account { role: Role::Editor, ..bob.clone() };
    let member = Author { actor: Actor::Member(bob.id), username: "bob".to_owned() };
    let stranger = Author { actor: Actor::ANONYMOUS, username: "eve".to_owned() };
    for author in [author(&editor), member.clone(), stranger] {
        let refusals = [
            accounts.set_role(&author, bob.id, Role::Owner).await.err(),
            accounts.set_active(&author, owner.id, false).await.err(),
            accounts.set_password(&author, owner.id, Secret::new("other otter 8")).await.err(),
            accounts.make_token(&author, owner.id, "mine", None).await.err(),
            accounts.invite(&author, Role::Owner).await.err(),
            accounts.account_named(&author, "ada").await.err(),
        ];
        for refusal in refusals {
            let is_refused =
                matches!(refusal, Some(ServiceError::Account(AccountProblem::NotAllowed)));
            assert!(is_refused, "{author:?}: {refusal:?}");
        }
    }
    accounts.make_token(&member, bob.id, "mine", None).await.expect("the own");
    let promoted = accounts.set_role(&author(&owner), bob.id, Role::Viewer).await.expect("changed");
    assert_eq!(promoted.role, Role::Viewer);
    assert!(signs_in(accounts, "bob", PASSWORD).await.is_some());
}

#[tokio::test]
async fn an_invitation_gives_the_role_it_was_made_for() {
    let app = TestApp::setup().set("REGISTRATION", "closed").start().await;
    let accounts = &app.accounts;
    let owner = accounts.make_owner(filled_in("ada")).await.expect("made");
    let secret = accounts.invite(&author(&owner), Role::Editor).await.expect("invited");
    assert_eq!(accounts.invitation(secret.expose()).await.expect("read"), Some(Role::Editor));
    let made = accounts.accept_invitation(here(), secret.expose(), filled_in("bob")).await;
    assert_eq!(made.expect("made").role, Role::Editor);
    let again = accounts.register(here(), filled_in("eve"), Some(secret.expose())).await;
    assert!(again.is_err(), "once only");
}

#[tokio::test]
async fn another_password_signs_out_everybody_who_knew_the_old_one() {
    let app = TestApp::setup().start().await;
    let accounts = &app.accounts;
    let owner = accounts.make_owner(filled_in("ada")).await.expect("made");
    let login = signs_in(accounts, "ada", PASSWORD).await.expect("signed in");
    let new = Secret::new("other otter 8");
    accounts.set_password(&author(&owner), owner.id, new).await.expect("changed");
    assert!(!is_signed_in(accounts, login).await);
    assert_eq!(signs_in(accounts, "ada", PASSWORD).await, None);
    assert!(signs_in(accounts, "ada", "other otter 8").await.is_some());
}

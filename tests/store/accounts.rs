//! What the store promises about accounts, sign-ins, invitations and the audit log.

use alcove::domain::account::{Account, AccountId, Role, Staff};
use alcove::domain::actor::Actor;
use alcove::domain::id::SessionId;
use alcove::domain::secret::{Secret, ServerKey, TokenHash};
use alcove::domain::sign_up::folded;
use alcove::store::accounts::{
    AccountChange, AccountPage, ChangedAccount, CreatedAccount, NewAccount, NewInvitation,
};
use alcove::store::audit::{AuditPage, NewAuditEntry};
use alcove::store::sign_ins::{MAX_TOKENS, NewLogin, NewToken, TokenPage};
use alcove::store::{NewSession, Store};

use crate::support::{at, new_session};

for_each_backend! {
    an_account_reads_back_as_it_was_made
    names_differ_by_more_than_capitals
    accounts_come_in_pages_for_whom_sees_all
    an_account_is_seen_by_itself_and_by_staff
    the_last_active_owner_stays
    whoever_may_not_sign_in_any_longer_is_signed_out
    another_password_ends_every_sign_in
    a_renewed_hash_does_not_undo_another_password
    an_invitation_makes_one_account
    an_invitation_ends
    the_first_owners_invitation_ends_with_the_first_owner
    a_token_holds_until_its_end
    a_token_is_listed_and_revoked_by_whom_may
    an_account_has_so_many_tokens_and_the_unused_go
    a_login_ends_by_age_and_by_idleness
    what_has_ended_is_deleted
    an_account_lists_its_own_conversations_only
    the_audit_log_comes_newest_first_for_whom_sees_all
    a_server_key_is_made_once
}

const ALL: TokenPage = TokenPage { before: None, limit: 1000 };

fn new_account(username: &str, role: Role) -> NewAccount {
    NewAccount {
        username: username.to_owned(),
        username_folded: folded(username),
        email: format!("{username}@example.com"),
        password_hash: Secret::new(format!("hash of {username}")),
        role,
        now: at(0),
    }
}

async fn account(store: &dyn Store, username: &str, role: Role) -> Account {
    let created = store.create_account(new_account(username, role)).await.expect("stored");
    let CreatedAccount::Created(account) = created else { panic!("{created:?}") };
    account
}

async fn sign_in(store: &dyn Store, account: AccountId) -> [TokenHash; 2] {
    let [token, login] = ["token", "login"].map(|kind| TokenHash::of(&format!("{kind} {account}")));
    store.create_token(new_token(account, token)).await.expect("stored");
    let (now, expires_at) = (at(10), at(1000));
    store.create_login(NewLogin { account, hash: login, now, expires_at }).await.expect("stored");
    [token, login]
}

fn new_token(account: AccountId, hash: TokenHash) -> NewToken {
    NewToken {
        account,
        hash,
        ending: "wxyz".to_owned(),
        name: "a token".to_owned(),
        now: at(10),
        expires_at: None,
        is_sign_in: true,
    }
}

/// Whether the token and the login hold.
async fn hold(store: &dyn Store, [token, login]: [TokenHash; 2]) -> [bool; 2] {
    let token = store.token_account(token, at(20)).await.expect("read");
    let login = store.login_account(login, at(20), at(0)).await.expect("read");
    [token.is_some(), login.is_some()]
}

async fn an_account_reads_back_as_it_was_made(store: &dyn Store) {
    let made = account(store, "Ada", Role::Editor).await;
    assert_eq!((made.username.as_str(), made.role, made.is_active), ("Ada", Role::Editor, true));
    assert_eq!((made.created_at, made.last_login), (at(0), None));
    let (found, hash) = store.credentials("ada").await.expect("read").expect("there");
    assert_eq!((found, hash.expose()), (made.clone(), "hash of Ada"));
    assert_eq!(store.credentials("bob").await.expect("read"), None);
    sign_in(store, made.id).await;
    let after = store.account(&Actor::System, made.id).await.expect("read").expect("there");
    assert_eq!(after.last_login, Some(at(10)));
}

async fn names_differ_by_more_than_capitals(store: &dyn Store) {
    account(store, "Ada", Role::Member).await;
    for name in ["Ada", "ada", "ADA"] {
        let created = store.create_account(new_account(name, Role::Owner)).await.expect("asked");
        assert_eq!(created, CreatedAccount::NameTaken, "{name}");
    }
    assert_eq!(store.count_owners().await.expect("counted"), 0);
}

async fn accounts_come_in_pages_for_whom_sees_all(store: &dyn Store) {
    let mut made = Vec::new();
    for name in ["a", "b", "c"] {
        made.push(account(store, name, Role::Member).await);
    }
    let first = AccountPage { after: None, limit: 2 };
    let page = store.accounts(&Actor::System, first).await.expect("read");
    assert_eq!(page, made[..2]);
    let next = AccountPage { after: page.last().map(|account| account.id), limit: 2 };
    assert_eq!(store.accounts(&Actor::System, next).await.expect("read"), made[2..]);
    for actor in [Actor::ANONYMOUS, Actor::Member(made[0].id)] {
        assert!(store.accounts(&actor, first).await.expect("read").is_empty(), "{actor:?}");
    }
}

async fn an_account_is_seen_by_itself_and_by_staff(store: &dyn Store) {
    let (ada, bob) =
        (account(store, "ada", Role::Member).await, account(store, "bob", Role::Viewer).await);
    let staff = Actor::Staff(Staff { account: bob.id, role: bob.role });
    for actor in [Actor::Member(ada.id), staff, Actor::System] {
        assert_eq!(store.account(&actor, ada.id).await.expect("read"), Some(ada.clone()));
    }
    for actor in [Actor::Member(bob.id), Actor::ANONYMOUS] {
        assert_eq!(store.account(&actor, ada.id).await.expect("read"), None, "{actor:?}");
    }
}

async fn the_last_active_owner_stays(store: &dyn Store) {
    let owner = account(store, "ada", Role::Owner).await;
    let changes = [
        AccountChange::Role(Role::Editor),
        AccountChange::Role(Role::Member),
        AccountChange::Active(false),
    ];
    for change in changes {
        let told = store.change_account(owner.id, change).await.expect("asked");
        assert_eq!(told, ChangedAccount::LastOwner, "{change:?}");
    }
    let other = account(store, "bob", Role::Owner).await;
    let told = store.change_account(other.id, AccountChange::Active(false)).await.expect("asked");
    assert!(matches!(told, ChangedAccount::Changed(_)), "one of two may go");
    let told = store.change_account(owner.id, AccountChange::Active(false)).await.expect("asked");
    assert_eq!(told, ChangedAccount::LastOwner, "an inactive owner does not count");
    assert_eq!(store.count_owners().await.expect("counted"), 1);
    let none = AccountId::new(4711);
    let told = store.change_account(none, AccountChange::Active(false)).await.expect("asked");
    assert_eq!(told, ChangedAccount::NoAccount);
}

async fn whoever_may_not_sign_in_any_longer_is_signed_out(store: &dyn Store) {
    account(store, "owner", Role::Owner).await;
    let (ada, bob) =
        (account(store, "ada", Role::Editor).await, account(store, "bob", Role::Editor).await);
    let (adas, bobs) = (sign_in(store, ada.id).await, sign_in(store, bob.id).await);
    assert_eq!(hold(store, adas).await, [true, true]);
    let member = AccountChange::Role(Role::Member);
    store.change_account(ada.id, member).await.expect("changed");
    assert_eq!(hold(store, adas).await, [true, false], "a member has no admin pages");
    store.change_account(ada.id, AccountChange::Active(false)).await.expect("changed");
    assert_eq!(hold(store, adas).await, [false, false]);
    store.change_account(ada.id, AccountChange::Active(true)).await.expect("changed");
    assert_eq!(hold(store, adas).await, [false, false], "what has ended does not come back");
    assert_eq!(hold(store, bobs).await, [true, true], "others stay");
}

async fn another_password_ends_every_sign_in(store: &dyn Store) {
    let ada = account(store, "ada", Role::Editor).await;
    let signed_in = sign_in(store, ada.id).await;
    assert!(store.set_password(ada.id, Secret::new("new")).await.expect("changed"));
    assert_eq!(hold(store, signed_in).await, [false, false]);
    let (_, hash) = store.credentials("ada").await.expect("read").expect("there");
    assert_eq!(hash.expose(), "new");
    let nobody = store.set_password(AccountId::new(4711), Secret::new("new")).await;
    assert!(!nobody.expect("asked"));
}

async fn a_renewed_hash_does_not_undo_another_password(store: &dyn Store) {
    let ada = account(store, "ada", Role::Editor).await;
    let signed_in = sign_in(store, ada.id).await;
    let secret = |text: &str| Secret::new(text);
    let hash = async || store.credentials("ada").await.expect("read").expect("there").1;
    let (old, renewed) = (secret("hash of ada"), secret("renewed"));
    store.renew_password_hash(ada.id, old.clone(), renewed.clone()).await.expect("kept");
    assert_eq!(hash().await, renewed);
    assert_eq!(hold(store, signed_in).await, [true, true], "the password is the same");
    store.renew_password_hash(ada.id, old, secret("late")).await.expect("kept");
    assert_eq!(hash().await, renewed);
}

fn invitation(secret: &str, invited_by: Option<AccountId>) -> NewInvitation {
    let (now, expires_at) = (at(0), at(100));
    NewInvitation { hash: TokenHash::of(secret), role: Role::Owner, invited_by, now, expires_at }
}

async fn an_invitation_makes_one_account(store: &dyn Store) {
    let owner = account(store, "owner", Role::Owner).await;
    let hash = TokenHash::of("secret");
    store.create_invitation(invitation("secret", Some(owner.id))).await.expect("stored");
    assert_eq!(store.invitation(hash, at(99)).await.expect("read"), Some(Role::Owner));
    let taken = new_account("OWNER", Role::Member);
    let told = store.accept_invitation(hash, taken).await.expect("asked");
    assert_eq!(told, CreatedAccount::NameTaken, "and the invitation stays");
    let told = store.accept_invitation(hash, new_account("ada", Role::Member)).await;
    let CreatedAccount::Created(ada) = told.expect("asked") else { panic!("not made") };
    assert_eq!(ada.role, Role::Owner, "the invitation's role");
    let told = store.accept_invitation(hash, new_account("bob", Role::Member)).await;
    assert_eq!(told.expect("asked"), CreatedAccount::NoInvitation);
    assert_eq!(store.credentials("bob").await.expect("read"), None);
    assert_eq!(store.invitation(hash, at(0)).await.expect("read"), None);
}

async fn an_invitation_ends(store: &dyn Store) {
    let owner = account(store, "owner", Role::Owner).await;
    store.create_invitation(invitation("secret", Some(owner.id))).await.expect("stored");
    let hash = TokenHash::of("secret");
    assert_eq!(store.invitation(hash, at(100)).await.expect("read"), None);
    let late = NewAccount { now: at(100), ..new_account("ada", Role::Member) };
    let told = store.accept_invitation(hash, late).await.expect("asked");
    assert_eq!(told, CreatedAccount::NoInvitation);
}

async fn the_first_owners_invitation_ends_with_the_first_owner(store: &dyn Store) {
    for secret in ["first", "second"] {
        store.create_invitation(invitation(secret, None)).await.expect("stored");
    }
    let [first, second] = ["first", "second"].map(TokenHash::of);
    assert_eq!(store.invitation(first, at(0)).await.expect("read"), None, "the newest holds");
    assert_eq!(store.invitation(second, at(0)).await.expect("read"), Some(Role::Owner));
    account(store, "owner", Role::Owner).await;
    assert_eq!(store.invitation(second, at(0)).await.expect("read"), None);
    let told = store.accept_invitation(second, new_account("ada", Role::Member)).await;
    assert_eq!(told.expect("asked"), CreatedAccount::NoInvitation);
}

async fn a_token_holds_until_its_end(store: &dyn Store) {
    let ada = account(store, "ada", Role::Member).await;
    let (endless, ending) = (TokenHash::of("endless"), TokenHash::of("ending"));
    store.create_token(new_token(ada.id, endless)).await.expect("stored");
    let new = NewToken { expires_at: Some(at(50)), ..new_token(ada.id, ending) };
    store.create_token(new).await.expect("stored");
    let whose = async |hash, now| {
        let found = store.token_account(hash, now).await.expect("read");
        found.map(|(account, used)| (account.username, used))
    };
    let ada_unused = Some(("ada".to_owned(), None));
    assert_eq!(whose(endless, at(1_000_000)).await, ada_unused);
    assert_eq!(whose(ending, at(49)).await, ada_unused);
    assert_eq!(whose(ending, at(50)).await, None);
    assert_eq!(whose(TokenHash::of("other"), at(0)).await, None);
    store.touch_token(endless, at(30)).await.expect("noted");
    assert_eq!(whose(endless, at(31)).await, Some(("ada".to_owned(), Some(at(30)))));
    assert!(store.end_token(endless).await.expect("ended"));
    assert_eq!(whose(endless, at(31)).await, None);
    assert!(!store.end_token(endless).await.expect("asked"));
}

async fn a_token_is_listed_and_revoked_by_whom_may(store: &dyn Store) {
    let (ada, bob) =
        (account(store, "ada", Role::Member).await, account(store, "bob", Role::Member).await);
    let adas = store.create_token(new_token(ada.id, TokenHash::of("a"))).await.expect("stored");
    let bobs = store.create_token(new_token(bob.id, TokenHash::of("b"))).await.expect("stored");
    let listed = async |actor: Actor| {
        let tokens = store.tokens(&actor, ALL).await.expect("read");
        tokens.into_iter().map(|token| token.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(Actor::Member(ada.id)).await, [adas]);
    assert_eq!(listed(Actor::System).await, [bobs, adas], "newest first");
    assert!(listed(Actor::ANONYMOUS).await.is_empty());
    for actor in [Actor::Member(ada.id), Actor::ANONYMOUS] {
        assert_eq!(store.revoke_token(&actor, bobs).await.expect("asked"), None, "{actor:?}");
    }
    let revoked = store.revoke_token(&Actor::Member(bob.id), bobs).await.expect("asked");
    assert_eq!(revoked.map(|token| token.username), Some("bob".to_owned()));
    let revoked = store.revoke_token(&Actor::System, adas).await.expect("asked");
    assert_eq!(revoked.map(|token| token.ending), Some("wxyz".to_owned()));
    assert!(listed(Actor::System).await.is_empty());
}

async fn an_account_has_so_many_tokens_and_the_unused_go(store: &dyn Store) {
    let ada = account(store, "ada", Role::Member).await;
    let hash = |n: u32| TokenHash::of(&n.to_string());
    for n in 0..MAX_TOKENS {
        store.create_token(new_token(ada.id, hash(n))).await.expect("stored");
    }
    store.touch_token(hash(0), at(20)).await.expect("noted");
    store.create_token(new_token(ada.id, hash(MAX_TOKENS))).await.expect("stored");
    let tokens = store.tokens(&Actor::System, ALL).await.expect("read");
    assert_eq!(tokens.len(), MAX_TOKENS as usize);
    for (n, holds) in [(0, true), (1, false), (2, true), (MAX_TOKENS, true)] {
        let found = store.token_account(hash(n), at(30)).await.expect("read");
        assert_eq!(found.is_some(), holds, "{n}");
    }
}

async fn a_login_ends_by_age_and_by_idleness(store: &dyn Store) {
    let ada = account(store, "ada", Role::Viewer).await;
    let [_, login] = sign_in(store, ada.id).await;
    let seen = async |now, idle_since| {
        store.login_account(login, now, idle_since).await.expect("read").map(|(_, seen)| seen)
    };
    assert_eq!(seen(at(999), at(10)).await, Some(at(10)));
    assert_eq!(seen(at(1000), at(10)).await, None, "too old");
    assert_eq!(seen(at(999), at(11)).await, None, "not used for too long");
    store.touch_login(login, at(500)).await.expect("noted");
    assert_eq!(seen(at(999), at(11)).await, Some(at(500)));
    assert!(store.end_login(login).await.expect("ended"));
    assert_eq!(seen(at(20), at(0)).await, None);
    assert!(!store.end_login(login).await.expect("asked"));
}

async fn what_has_ended_is_deleted(store: &dyn Store) {
    let ada = account(store, "ada", Role::Viewer).await;
    let signed_in = sign_in(store, ada.id).await;
    store.create_invitation(invitation("secret", Some(ada.id))).await.expect("stored");
    store.delete_ended_sign_ins(at(100), at(10)).await.expect("deleted");
    assert_eq!(hold(store, signed_in).await, [true, true], "what holds stays");
    let gone = store.invitation(TokenHash::of("secret"), at(0)).await.expect("read");
    assert_eq!(gone, None);
    store.delete_ended_sign_ins(at(20), at(11)).await.expect("deleted");
    assert_eq!(hold(store, signed_in).await, [true, false], "an idle login goes");
}

async fn session_of(store: &dyn Store, account: Option<AccountId>, second: i64) -> SessionId {
    let session = NewSession { account, now: at(second), ..new_session() };
    let id = session.id;
    store.create_session(session).await.expect("stored");
    id
}

async fn an_account_lists_its_own_conversations_only(store: &dyn Store) {
    let (ada, bob) =
        (account(store, "ada", Role::Member).await, account(store, "bob", Role::Member).await);
    // Two of the same instant: their order is that in which they were made.
    let mut own = Vec::new();
    for second in [1, 5, 5, 3] {
        own.push(session_of(store, Some(ada.id), second).await);
    }
    let bobs = session_of(store, Some(bob.id), 4).await;
    let visitors = session_of(store, None, 4).await;
    let listed = async |actor: Actor, before, limit| {
        let sessions = store.own_sessions(&actor, before, limit).await.expect("read");
        sessions.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    let member = Actor::Member(ada.id);
    let expected = [own[2], own[1], own[3], own[0]];
    assert_eq!(listed(member, None, 100).await, expected);
    assert_eq!(listed(member, None, 2).await, expected[..2]);
    assert_eq!(listed(member, Some(expected[0]), 2).await, expected[1..3]);
    assert_eq!(listed(member, Some(expected[2]), 2).await, expected[3..]);
    for foreign in [bobs, visitors, SessionId::random()] {
        assert!(listed(member, Some(foreign), 100).await.is_empty(), "no place in the own list");
    }
    let staff = Actor::Staff(Staff { account: ada.id, role: Role::Owner });
    for actor in [Actor::ANONYMOUS, Actor::System, staff] {
        assert!(listed(actor, None, 100).await.is_empty(), "{actor:?}");
    }
}

async fn the_audit_log_comes_newest_first_for_whom_sees_all(store: &dyn Store) {
    for (second, action) in [(1, "bot.changed"), (2, "login.failed"), (3, "bot.changed")] {
        let entry = NewAuditEntry {
            at: at(second),
            account: None,
            username: "ada".to_owned(),
            action,
            subject: "default".to_owned(),
            detail: String::new(),
        };
        store.note(entry).await.expect("noted");
    }
    let page = |action: Option<&str>, before, limit| AuditPage {
        action: action.map(str::to_owned),
        before,
        limit,
    };
    let seconds = async |page| {
        let entries = store.audit_entries(&Actor::System, page).await.expect("read");
        entries.iter().map(|entry| (entry.at.as_ms() - at(0).as_ms()) / 1000).collect::<Vec<_>>()
    };
    assert_eq!(seconds(page(None, None, 10)).await, [3, 2, 1]);
    assert_eq!(seconds(page(Some("bot.changed"), None, 10)).await, [3, 1]);
    let newest = store.audit_entries(&Actor::System, page(None, None, 1)).await.expect("read");
    assert_eq!(seconds(page(None, Some(newest[0].id), 10)).await, [2, 1]);
    let nobody = store.audit_entries(&Actor::ANONYMOUS, page(None, None, 10)).await;
    assert!(nobody.expect("read").is_empty());
    assert_eq!(store.delete_audit_entries("login.failed", at(2)).await.expect("asked"), 0);
    assert_eq!(store.delete_audit_entries("login.failed", at(3)).await.expect("deleted"), 1);
    assert_eq!(seconds(page(None, None, 10)).await, [3, 1]);
}

async fn a_server_key_is_made_once(store: &dyn Store) {
    let key = |byte: u8| ServerKey::from_bytes(&[byte; 32]).expect("a key");
    assert_eq!(store.server_key("csrf", key(1)).await.expect("kept"), key(1));
    assert_eq!(store.server_key("csrf", key(2)).await.expect("kept"), key(1));
    assert_eq!(store.server_key("other", key(2)).await.expect("kept"), key(2));
}

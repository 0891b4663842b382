//! Accounts and invitations in SQLite.

pub(super) mod row;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::domain::account::{Account, AccountId, Role};
use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::id::SessionId;
use crate::domain::secret::{Secret, TokenHash};
use crate::store::accounts::{
    AccountChange, AccountPage, AccountStore, ChangedAccount, CreatedAccount, NewAccount,
    NewInvitation, OwnSession,
};
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::accounts::row::AccountRow;
use crate::store::sqlite::rows::{count, impossible};
use crate::store::{StoreError, StoreResult};

fn load(db: &Connection, key: i64) -> StoreResult<Option<Account>> {
    let columns = AccountRow::COLUMNS;
    db.prepare_cached(&format!("select {columns} from accounts where key = ?1"))?
        .query_row([key], AccountRow::read)
        .optional()?
        .map(Account::try_from)
        .transpose()
}

fn create(db: &Connection, new: &NewAccount, role: Role) -> StoreResult<CreatedAccount> {
    let made = db
        .prepare_cached(
            "insert into accounts (username, username_folded, email, password_hash, role, created_at)
             values (?1, ?2, ?3, ?4, ?5, ?6)
             on conflict (username_folded) do nothing",
        )?
        .execute(params![
            new.username,
            new.username_folded,
            new.email,
            new.password_hash.expose(),
            role.as_str(),
            new.now.as_ms(),
        ])?;
    if made == 0 {
        return Ok(CreatedAccount::NameTaken);
    }
    let account = load(db, db.last_insert_rowid())?;
    let account = account.ok_or_else(|| StoreError::Internal("an account vanished".to_owned()))?;
    Ok(CreatedAccount::Created(account))
}

/// Active owners.
fn owners(db: &Connection) -> StoreResult<u64> {
    let owners = db
        .prepare_cached("select count(*) from accounts where role = 'owner' and is_active = 1")?
        .query_row([], |row| row.get(0))?;
    count("accounts", "count(*)", 0, owners)
}

fn invited(db: &Connection, hash: &TokenHash, now: Timestamp) -> StoreResult<Option<Role>> {
    let found: Option<(i64, String, bool)> = db
        .prepare_cached(
            "select key, role, invited_by is null
             from invitations
             where hash = ?1 and expires_at > ?2",
        )?
        .query_row(params![hash.as_bytes(), now.as_ms()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((key, role, by_server)) = found else { return Ok(None) };
    if by_server && owners(db)? > 0 {
        return Ok(None);
    }
    role.parse().map(Some).map_err(|why| impossible("invitations", "role", key, why))
}

fn accept(db: &Connection, hash: &TokenHash, new: &NewAccount) -> StoreResult<CreatedAccount> {
    let Some(role) = invited(db, hash, new.now)? else { return Ok(CreatedAccount::NoInvitation) };
    let created = create(db, new, role)?;
    if matches!(created, CreatedAccount::Created(_)) {
        db.prepare_cached("delete from invitations where hash = ?1")?.execute([hash.as_bytes()])?;
    }
    Ok(created)
}

fn invite(db: &Connection, new: &NewInvitation) -> StoreResult<()> {
    if new.invited_by.is_none() {
        db.execute("delete from invitations where invited_by is null", [])?;
    }
    db.prepare_cached(
        "insert into invitations (hash, role, invited_by, created_at, expires_at)
         values (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        new.hash.as_bytes(),
        new.role.as_str(),
        new.invited_by.map(AccountId::number),
        new.now.as_ms(),
        new.expires_at.as_ms(),
    ])?;
    Ok(())
}

fn change(db: &Connection, id: AccountId, change: AccountChange) -> StoreResult<ChangedAccount> {
    let Some(before) = load(db, id.number())? else { return Ok(ChangedAccount::NoAccount) };
    let (role, is_active) = match change {
        AccountChange::Role(role) => (role, before.is_active),
        AccountChange::Active(is_active) => (before.role, is_active),
    };
    let was_owner = before.role == Role::Owner && before.is_active;
    if was_owner && (role, is_active) != (Role::Owner, true) && owners(db)? == 1 {
        return Ok(ChangedAccount::LastOwner);
    }
    db.prepare_cached("update accounts set role = ?2, is_active = ?3 where key = ?1")?
        .execute(params![id.number(), role.as_str(), is_active])?;
    if !is_active {
        end_tokens(db, id)?;
    }
    if !is_active || role == Role::Member {
        end_logins(db, id)?;
    }
    Ok(ChangedAccount::Changed(Account { role, is_active, ..before }))
}

fn end_tokens(db: &Connection, id: AccountId) -> StoreResult<()> {
    db.prepare_cached("delete from tokens where account = ?1")?.execute([id.number()])?;
    Ok(())
}

fn end_logins(db: &Connection, id: AccountId) -> StoreResult<()> {
    db.prepare_cached("delete from logins where account = ?1")?.execute([id.number()])?;
    Ok(())
}

fn set_password(db: &Connection, id: AccountId, hash: &Secret) -> StoreResult<bool> {
    let changed = db
        .prepare_cached("update accounts set password_hash = ?2 where key = ?1")?
        .execute(params![id.number(), hash.expose()])?;
    end_tokens(db, id)?;
    end_logins(db, id)?;
    Ok(changed > 0)
}

fn credentials(db: &Connection, name: &str) -> StoreResult<Option<(Account, Secret)>> {
    let columns = AccountRow::COLUMNS;
    let found = db
        .prepare_cached(&format!(
            "select {columns}, password_hash from accounts where username_folded = ?1"
        ))?
        .query_row([name], |row| Ok((AccountRow::read(row)?, row.get::<_, String>(7)?)))
        .optional()?;
    let Some((row, hash)) = found else { return Ok(None) };
    Ok(Some((row.try_into()?, Secret::new(hash))))
}

fn page(db: &Connection, page: AccountPage) -> StoreResult<Vec<Account>> {
    let columns = AccountRow::COLUMNS;
    let after = page.after.map_or(0, AccountId::number);
    let mut statement = db.prepare_cached(&format!(
        "select {columns} from accounts where key > ?1 order by key limit ?2"
    ))?;
    let rows = statement.query_map((after, page.limit), AccountRow::read)?;
    rows.map(|row| row?.try_into()).collect()
}

/// The place of `before` must be a row of the same account; any other leads to nothing.
fn own_sessions(
    db: &Connection,
    account: AccountId,
    before: Option<SessionId>,
    limit: u32,
) -> StoreResult<Vec<OwnSession>> {
    let mut statement = db.prepare_cached(
        "select key, id, created_at
         from sessions
         where account = ?1
         and (?2 is null or (created_at, key) < (
             select created_at, key from sessions where id = ?2 and account = ?1))
         order by created_at desc, key desc
         limit ?3",
    )?;
    let before = before.map(|id| id.to_string());
    let mut found = statement.query(params![account.number(), before, limit])?;
    let mut sessions = Vec::new();
    while let Some(row) = found.next()? {
        let (key, id): (i64, String) = (row.get(0)?, row.get(1)?);
        sessions.push(OwnSession {
            id: id.parse().map_err(|why| impossible("sessions", "id", key, why))?,
            created_at: Timestamp::from_ms(row.get(2)?),
        });
    }
    Ok(sessions)
}

#[async_trait]
impl AccountStore for SqliteStore {
    async fn create_account(&self, new: NewAccount) -> StoreResult<CreatedAccount> {
        self.writer.run("create_account", move |db| create(db, &new, new.role)).await
    }

    async fn accept_invitation(
        &self,
        invitation: TokenHash,
        new: NewAccount,
    ) -> StoreResult<CreatedAccount> {
        self.writer.run("accept_invitation", move |db| accept(db, &invitation, &new)).await
    }

    async fn create_invitation(&self, new: NewInvitation) -> StoreResult<()> {
        self.writer.run("create_invitation", move |db| invite(db, &new)).await
    }

    async fn invitation(&self, hash: TokenHash, now: Timestamp) -> StoreResult<Option<Role>> {
        self.readers.run("invitation", move |db| invited(db, &hash, now)).await
    }

    async fn credentials(&self, username_folded: &str) -> StoreResult<Option<(Account, Secret)>> {
        let name = username_folded.to_owned();
        self.readers.run("credentials", move |db| credentials(db, &name)).await
    }

    async fn account(&self, actor: &Actor, id: AccountId) -> StoreResult<Option<Account>> {
        if !actor.sees_all() && actor.account() != Some(id) {
            return Ok(None);
        }
        self.readers.run("account", move |db| load(db, id.number())).await
    }

    async fn accounts(&self, actor: &Actor, wanted: AccountPage) -> StoreResult<Vec<Account>> {
        if !actor.sees_all() {
            return Ok(Vec::new());
        }
        self.readers.run("accounts", move |db| page(db, wanted)).await
    }

    async fn count_owners(&self) -> StoreResult<u64> {
        self.readers.run("count_owners", owners).await
    }

    async fn change_account(
        &self,
        id: AccountId,
        wanted: AccountChange,
    ) -> StoreResult<ChangedAccount> {
        self.writer.run("change_account", move |db| change(db, id, wanted)).await
    }

    async fn set_password(&self, id: AccountId, hash: Secret) -> StoreResult<bool> {
        self.writer.run("set_password", move |db| set_password(db, id, &hash)).await
    }

    async fn renew_password_hash(
        &self,
        id: AccountId,
        old: Secret,
        new: Secret,
    ) -> StoreResult<()> {
        let renew = move |db: &Connection| {
            db.prepare_cached(
                "update accounts
                 set password_hash = ?3
                 where key = ?1 and password_hash = ?2",
            )?
            .execute(params![id.number(), old.expose(), new.expose()])?;
            Ok(())
        };
        self.writer.run("renew_password_hash", renew).await
    }

    async fn own_sessions(
        &self,
        actor: &Actor,
        before: Option<SessionId>,
        limit: u32,
    ) -> StoreResult<Vec<OwnSession>> {
        let Some(account) = actor.account() else { return Ok(Vec::new()) };
        self.readers.run("own_sessions", move |db| own_sessions(db, account, before, limit)).await
    }
}

//! API tokens, logins and the server's own keys in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::domain::account::{Account, AccountId, ApiToken, TokenId};
use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::secret::{ServerKey, TokenHash};
use crate::store::sign_ins::{MAX_TOKENS, NewLogin, NewToken, SignInStore, TokenPage};
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::accounts::row::AccountRow;
use crate::store::{StoreError, StoreResult};

fn note_sign_in(db: &Connection, account: AccountId, now: Timestamp) -> StoreResult<()> {
    db.prepare_cached("update accounts set last_login = ?2 where key = ?1")?
        .execute(params![account.number(), now.as_ms()])?;
    Ok(())
}

fn create_token(db: &Connection, new: &NewToken) -> StoreResult<TokenId> {
    db.prepare_cached(
        "insert into tokens (account, hash, ending, name, created_at, expires_at)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        new.account.number(),
        new.hash.as_bytes(),
        new.ending,
        new.name,
        new.now.as_ms(),
        new.expires_at.map(Timestamp::as_ms),
    ])?;
    let id = TokenId::new(db.last_insert_rowid());
    db.prepare_cached(
        "delete from tokens
         where account = ?1 and key <> ?3 and key not in (
             select key from tokens
             where account = ?1 and key <> ?3
             order by coalesce(last_used_at, created_at) desc, key desc
             limit ?2 - 1)",
    )?
    .execute(params![new.account.number(), MAX_TOKENS, id.number()])?;
    if new.is_sign_in {
        note_sign_in(db, new.account, new.now)?;
    }
    Ok(id)
}

fn token_account(
    db: &Connection,
    hash: &TokenHash,
    now: Timestamp,
) -> StoreResult<Option<(Account, Option<Timestamp>)>> {
    let columns = AccountRow::COLUMNS;
    let found = db
        .prepare_cached(&format!(
            "select {columns}, tokens.last_used_at
             from tokens
             join accounts on accounts.key = tokens.account
             where tokens.hash = ?1
             and (tokens.expires_at is null or tokens.expires_at > ?2)
             and accounts.is_active = 1"
        ))?
        .query_row(params![hash.as_bytes(), now.as_ms()], |row| {
            Ok((AccountRow::read(row)?, row.get::<_, Option<i64>>(7)?))
        })
        .optional()?;
    let Some((row, used)) = found else { return Ok(None) };
    Ok(Some((row.try_into()?, used.map(Timestamp::from_ms))))
}

fn read_token(row: &Row<'_>) -> rusqlite::Result<ApiToken> {
    Ok(ApiToken {
        id: TokenId::new(row.get(0)?),
        account: AccountId::new(row.get(1)?),
        username: row.get(2)?,
        name: row.get(3)?,
        ending: row.get(4)?,
        created_at: Timestamp::from_ms(row.get(5)?),
        last_used_at: row.get::<_, Option<i64>>(6)?.map(Timestamp::from_ms),
        expires_at: row.get::<_, Option<i64>>(7)?.map(Timestamp::from_ms),
    })
}

/// The tokens that an actor may see; both have the account as `?1` and whether all are seen as `?2`.
const VISIBLE_TOKENS: &str = "
    select tokens.key, tokens.account, accounts.username, tokens.name, tokens.ending,
        tokens.created_at, tokens.last_used_at, tokens.expires_at
    from tokens
    join accounts on accounts.key = tokens.account
    where (?2 or tokens.account = ?1)";

fn tokens(db: &Connection, actor: &Actor, page: TokenPage) -> StoreResult<Vec<ApiToken>> {
    let mut statement = db.prepare_cached(&format!(
        "{VISIBLE_TOKENS} and tokens.key < ?3
         order by tokens.key desc
         limit ?4"
    ))?;
    let account = actor.account().map(AccountId::number);
    let before = page.before.map_or(i64::MAX, TokenId::number);
    let rows =
        statement.query_map(params![account, actor.sees_all(), before, page.limit], read_token)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn revoke(db: &Connection, actor: &Actor, id: TokenId) -> StoreResult<Option<ApiToken>> {
    let account = actor.account().map(AccountId::number);
    let token = db
        .prepare_cached(&format!("{VISIBLE_TOKENS} and tokens.key = ?3"))?
        .query_row(params![account, actor.sees_all(), id.number()], read_token)
        .optional()?;
    if token.is_some() {
        db.prepare_cached("delete from tokens where key = ?1")?.execute([id.number()])?;
    }
    Ok(token)
}

fn create_login(db: &Connection, new: &NewLogin) -> StoreResult<()> {
    db.prepare_cached(
        "insert into logins (account, hash, created_at, last_seen_at, expires_at)
         values (?1, ?2, ?3, ?3, ?4)",
    )?
    .execute(params![
        new.account.number(),
        new.hash.as_bytes(),
        new.now.as_ms(),
        new.expires_at.as_ms(),
    ])?;
    note_sign_in(db, new.account, new.now)
}

fn login_account(
    db: &Connection,
    hash: &TokenHash,
    now: Timestamp,
    idle_since: Timestamp,
) -> StoreResult<Option<(Account, Timestamp)>> {
    let columns = AccountRow::COLUMNS;
    let found = db
        .prepare_cached(&format!(
            "select {columns}, logins.last_seen_at
             from logins
             join accounts on accounts.key = logins.account
             where logins.hash = ?1
             and logins.expires_at > ?2
             and logins.last_seen_at >= ?3
             and accounts.is_active = 1"
        ))?
        .query_row(params![hash.as_bytes(), now.as_ms(), idle_since.as_ms()], |row| {
            Ok((AccountRow::read(row)?, row.get::<_, i64>(7)?))
        })
        .optional()?;
    let Some((row, seen)) = found else { return Ok(None) };
    Ok(Some((row.try_into()?, Timestamp::from_ms(seen))))
}

fn delete_ended(db: &Connection, now: Timestamp, idle_since: Timestamp) -> StoreResult<()> {
    for table in ["tokens", "logins", "invitations"] {
        db.prepare_cached(&format!("delete from {table} where expires_at <= ?1"))?
            .execute([now.as_ms()])?;
    }
    db.prepare_cached("delete from logins where last_seen_at < ?1")?
        .execute([idle_since.as_ms()])?;
    Ok(())
}

fn server_key(db: &Connection, name: &str, fresh: &ServerKey) -> StoreResult<ServerKey> {
    db.prepare_cached(
        "insert into server_secrets (name, value)
         values (?1, ?2)
         on conflict (name) do nothing",
    )?
    .execute(params![name, fresh.expose()])?;
    let bytes: Vec<u8> = db
        .prepare_cached("select value from server_secrets where name = ?1")?
        .query_row([name], |row| row.get(0))?;
    ServerKey::from_bytes(&bytes).ok_or_else(|| {
        StoreError::Internal(format!("impossible row: server_secrets.value of {name}"))
    })
}

#[async_trait]
impl SignInStore for SqliteStore {
    async fn create_token(&self, token: NewToken) -> StoreResult<TokenId> {
        self.writer.run("create_token", move |db| create_token(db, &token)).await
    }

    async fn token_account(
        &self,
        hash: TokenHash,
        now: Timestamp,
    ) -> StoreResult<Option<(Account, Option<Timestamp>)>> {
        self.readers.run("token_account", move |db| token_account(db, &hash, now)).await
    }

    async fn touch_token(&self, hash: TokenHash, now: Timestamp) -> StoreResult<()> {
        let touch = move |db: &Connection| {
            db.prepare_cached("update tokens set last_used_at = ?2 where hash = ?1")?
                .execute(params![hash.as_bytes(), now.as_ms()])?;
            Ok(())
        };
        self.writer.run("touch_token", touch).await
    }

    async fn tokens(&self, actor: &Actor, page: TokenPage) -> StoreResult<Vec<ApiToken>> {
        let actor = *actor;
        self.readers.run("tokens", move |db| tokens(db, &actor, page)).await
    }

    async fn revoke_token(&self, actor: &Actor, id: TokenId) -> StoreResult<Option<ApiToken>> {
        let actor = *actor;
        self.writer.run("revoke_token", move |db| revoke(db, &actor, id)).await
    }

    async fn end_token(&self, hash: TokenHash) -> StoreResult<bool> {
        let end = move |db: &Connection| {
            let gone = db
                .prepare_cached("delete from tokens where hash = ?1")?
                .execute([hash.as_bytes()])?;
            Ok(gone > 0)
        };
        self.writer.run("end_token", end).await
    }

    async fn create_login(&self, login: NewLogin) -> StoreResult<()> {
        self.writer.run("create_login", move |db| create_login(db, &login)).await
    }

    async fn login_account(
        &self,
        hash: TokenHash,
        now: Timestamp,
        idle_since: Timestamp,
    ) -> StoreResult<Option<(Account, Timestamp)>> {
        self.readers.run("login_account", move |db| login_account(db, &hash, now, idle_since)).await
    }

    async fn touch_login(&self, hash: TokenHash, now: Timestamp) -> StoreResult<()> {
        let touch = move |db: &Connection| {
            db.prepare_cached("update logins set last_seen_at = ?2 where hash = ?1")?
                .execute(params![hash.as_bytes(), now.as_ms()])?;
            Ok(())
        };
        self.writer.run("touch_login", touch).await
    }

    async fn end_login(&self, hash: TokenHash) -> StoreResult<bool> {
        let end = move |db: &Connection| {
            let gone = db
                .prepare_cached("delete from logins where hash = ?1")?
                .execute([hash.as_bytes()])?;
            Ok(gone > 0)
        };
        self.writer.run("end_login", end).await
    }

    async fn delete_ended_sign_ins(
        &self,
        now: Timestamp,
        idle_since: Timestamp,
    ) -> StoreResult<()> {
        self.writer.run("delete_ended_sign_ins", move |db| delete_ended(db, now, idle_since)).await
    }

    async fn server_key(&self, name: &'static str, fresh: ServerKey) -> StoreResult<ServerKey> {
        self.writer.run("server_key", move |db| server_key(db, name, &fresh)).await
    }
}

//! Running the tools that a model calls: each call becomes a step that followers see, a query over
//! the session's tables, and a result for the model. There is no tool that writes, fetches, or
//! sees another session.

use futures_util::future::join_all;

use crate::domain::evidence::Evidence;
use crate::files::chart::chart;
use crate::providers::{ToolCall, ToolResult};
use crate::service::tables::Tables;
use crate::service::turn::questions::SessionTables;
use crate::service::turn::running::LiveReply;
use crate::service::turn::toolbox::{
    self, MAX_CALLS, Wish, kept, new_step, refusal, told, tool_named, unknown, wish,
};

/// What a visitor is told of a call that is no call.
const NOT_UNDERSTOOD: &str = "The model asked in a way that cannot be understood.";
/// What model and visitor are told when the tables cannot be read now.
const UNREADABLE: &str = "The data cannot be read right now.";

/// What the calls of one reply stand on.
pub(crate) struct ToolRun<'a> {
    pub(crate) tables: &'a Tables,
    pub(crate) session: &'a SessionTables,
    pub(crate) live: &'a LiveReply,
}

impl ToolRun<'_> {
    /// Runs all calls of an answer at once; a result for each, in their order.
    pub(crate) async fn run(&self, calls: &[ToolCall]) -> Vec<ToolResult> {
        join_all(calls.iter().enumerate().map(|(place, call)| self.call(place, call))).await
    }

    async fn call(&self, place: usize, call: &ToolCall) -> ToolResult {
        if place >= MAX_CALLS {
            return refusal(&format!("at most {MAX_CALLS} calls at once; call again"));
        }
        let Some(tool) = tool_named(&call.name) else { return unknown(call) };
        let wish = wish(tool, &call.arguments);
        let step = self.live.begin_step(new_step(tool, wish.as_ref(), &self.session.profiles));
        let wish = match wish {
            Ok(wish) => wish,
            Err(why) => {
                self.live.end_step(step, Err(NOT_UNDERSTOOD.to_owned()));
                return refusal(&why);
            }
        };
        match self.answer(wish).await {
            Ok((evidence, told)) => {
                self.live.end_step(step, Ok(evidence));
                told
            }
            Err(why) => {
                let told = refusal(&why);
                self.live.end_step(step, Err(toolbox::one_line(&why)));
                told
            }
        }
    }

    /// Queries, and draws if that is wanted; a sentence for the model if it cannot be done.
    async fn answer(&self, wish: Wish) -> Result<(Evidence, ToolResult), String> {
        let found = match self.tables.query(&self.session.scope, &wish.sql).await {
            Ok(found) => found.map_err(|refused| refused.0)?,
            Err(error) => {
                let session = self.session.scope.session;
                tracing::warn!(session.id = %session, %error, "Tables not read");
                return Err(UNREADABLE.to_owned());
            }
        };
        let chart = wish.chart.as_ref().map(|wish| chart(wish, &found)).transpose()?;
        self.session.proven.lock().add_result(&found);
        let told = told(&found, chart.is_some());
        let result = kept(found, chart.is_some());
        if chart.is_some() && result.truncated {
            return Err("there is too much to draw: group the rows, or select less".to_owned());
        }
        Ok((Evidence { purpose: wish.purpose, sql: wish.sql, result, chart }, told))
    }
}

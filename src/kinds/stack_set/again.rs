//! Operations that are carried out again where stacks failed by what passes by itself.

use super::super::WriteError;
use super::ended::Ended;
use super::operation::{Operation, Set};
use crate::kinds::shared::lag::{PATIENCE, TRY_EVERY};
use crate::kinds::shared::wait::Wait;

impl Set<'_> {
    /// Begins an operation as soon as no other is under way, follows it to its end, and has AWS try the stacks again that were
    /// refused for a while only.
    ///
    /// # Errors
    /// When AWS refuses to begin it; what becomes of its stacks is the answer.
    pub async fn carry_out(&self, operation: &Operation<'_>) -> Result<Ended, WriteError> {
        let mut ended = self.carry_out_once(operation).await?;
        if matches!(operation, Operation::Withdraw { .. }) {
            return Ok(ended);
        }
        let mut wait = Wait::new(self.context, self.address, PATIENCE).every(|_| TRY_EVERY);
        while let Some((words, places)) = ended.passing() {
            // On the limit, AWS's own reasons say more.
            if !wait.next_unless_stopped(words).await.unwrap_or(false) {
                break;
            }
            ended = Ended::default();
            for targets in &places {
                ended = ended.and(self.carry_out_once(&Operation::Retry(targets)).await?);
            }
        }
        Ok(ended)
    }
}

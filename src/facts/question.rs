use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::cloud::{AwsError, Cloud};

/// One list of AWS, all pages of it.
pub trait Question: Debug + Send + Sync + 'static {
    /// What AWS answers, reduced to what landing looks at; it is kept as JSON.
    type Answer: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Distinguishes it from every other question: `organizations/units-of/r-ab12`.
    fn key(&self) -> String;

    /// Asks AWS; only reads.
    fn ask(&self, cloud: &Cloud) -> impl Future<Output = Result<Self::Answer, AwsError>> + Send;
}

/// A question whose answer's type is forgotten, so that different ones can wait in one place.
pub trait Asked: Debug + Send + Sync {
    /// The answer as the text of its JSON.
    fn fetch(self: Box<Self>, cloud: Arc<Cloud>) -> Pin<Box<dyn Future<Output = Result<String, AwsError>> + Send>>;
}

impl<Q: Question> Asked for Q {
    fn fetch(self: Box<Self>, cloud: Arc<Cloud>) -> Pin<Box<dyn Future<Output = Result<String, AwsError>> + Send>> {
        Box::pin(async move {
            let answer = self.ask(&cloud).await?;
            // An answer is made of strings, lists and maps with string keys, which JSON always holds.
            Ok(serde_json::to_string(&answer).unwrap_or_else(|_| Value::Null.to_string()))
        })
    }
}

//! Requests that a server may pass over: `$/…`. The transport lets them fall without a word; whoever asks
//! waits for an answer.

use std::task::{Context, Poll};

use tower_lsp_server::jsonrpc::Request;
use tower_service::Service;

/// A service that answers unknown requests of any name.
pub(crate) struct Answering<S>(pub(crate) S);

impl<S: Service<Request>> Service<Request> for Answering<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let request = match request.id().filter(|_| request.method().starts_with("$/")) {
            // Under a name that nobody passes over.
            Some(id) => Request::build(format!("unknown:{}", request.method())).id(id.clone()).finish(),
            None => request,
        };
        self.0.call(request)
    }
}

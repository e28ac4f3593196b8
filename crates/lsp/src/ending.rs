//! The end of a session: the client says `exit`, or its end of the input is closed.
//!
//! The transport waits for everything it has begun, and a request of ours that the client never answers
//! would keep it for ever. So the end is seen here, and after a moment for answers that are nearly
//! written nothing is waited for any more.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::Notify;
use tower_lsp_server::jsonrpc::Request;
use tower_service::Service;

/// For answers that are nearly written.
const MOMENT: Duration = Duration::from_millis(200);

/// Tells when the session is over.
#[derive(Clone, Default)]
pub(crate) struct Ending(Arc<Notify>);

impl Ending {
    /// Comes back a moment after the end.
    pub(crate) async fn came(&self) {
        self.0.notified().await;
        tokio::time::sleep(MOMENT).await;
    }

    /// The same input, whose end is seen.
    pub(crate) fn input<I>(&self, inner: I) -> Watched<I> {
        Watched { inner, ending: self.clone() }
    }

    /// The same service, whose `exit` is seen.
    pub(crate) fn service<S>(&self, inner: S) -> Watched<S> {
        Watched { inner, ending: self.clone() }
    }

    fn tell(&self) {
        self.0.notify_one();
    }
}

/// An input or a service whose end is seen.
pub(crate) struct Watched<T> {
    inner: T,
    ending: Ending,
}

impl<I: AsyncRead + Unpin> AsyncRead for Watched<I> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        let is_over = match &read {
            Poll::Ready(Ok(())) => buffer.filled().len() == before && buffer.remaining() > 0,
            Poll::Ready(Err(_)) => true,
            Poll::Pending => false,
        };
        if is_over {
            self.ending.tell();
        }
        read
    }
}

impl<S: Service<Request>> Service<Request> for Watched<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if request.method() == "exit" {
            self.ending.tell();
        }
        self.inner.call(request)
    }
}

//! The language server: findings, fixes and help while manifests are edited.
//!
//! - `server`: the protocol; takes messages and schedules,
//! - `publisher`: pushes findings when the files come to rest,
//! - `comparer`: has git asked what stood before,
//! - `watcher`: looks at the disk for clients that do not,
//! - `ending`: the client's goodbye, after which nothing is waited for,
//! - `stdio`: standard input and output, in threads of their own; `optional`: requests that the transport
//!   would not answer,
//! - `raw`: large answers, past the transport's own tree of values,
//! - [`session`]: what is open, on disk and in force; synchronous, without a transport,
//! - [`features`]: one file each: from a state and a place in bytes to an answer,
//! - [`convert`], [`position`]: between bytes and what the protocol writes.

mod capabilities;
mod comparer;
pub mod convert;
mod ending;
pub mod features;
mod git;
mod logging;
mod optional;
pub mod position;
mod publisher;
mod raw;
mod server;
pub mod session;
mod stdio;
mod watcher;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp_server::LspService;

use ending::Ending;
use optional::Answering;
use raw::{Output, RawAnswers};

use server::Server;

/// How many requests are answered at once. More than a client asks: none shall wait for another.
const CONCURRENCY: usize = 64;

/// Serves one client until it says `exit` or hangs up. True if it had asked to shut down before.
pub async fn serve<I, O>(input: I, output: O) -> bool
where
    I: AsyncRead + Unpin,
    O: AsyncWrite + Unpin,
{
    let is_shut_down = Arc::new(AtomicBool::new(false));
    let answers = Arc::new(RawAnswers::default());
    let (service, socket) = LspService::new(|client| Server::new(client, Arc::clone(&is_shut_down), Arc::clone(&answers)));
    let output = Output::new(output, answers);
    let ending = Ending::default();
    let transport = tower_lsp_server::Server::new(ending.input(input), output, socket).concurrency_level(CONCURRENCY);
    tokio::select! {
        () = transport.serve(ending.service(Answering(service))) => {}
        () = ending.came() => {}
    }
    is_shut_down.load(Ordering::SeqCst)
}

/// Serves the client on standard input and output. True if it said goodbye as it should.
pub fn serve_stdio() -> std::io::Result<bool> {
    logging::start();
    // What one thread sets free, another one cannot use again, so there are few: one for what takes its time, one
    // for what comes meanwhile. Questions that were taken back before their turn cost nothing.
    let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(2).enable_all().build()?;
    let result = runtime.block_on(async {
        let (output, written) = stdio::output();
        let result = serve(stdio::input(), output).await;
        written.wait().await;
        result
    });
    // Work may still be going on; nobody waits for it.
    runtime.shutdown_background();
    Ok(result)
}

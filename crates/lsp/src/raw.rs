//! Answers that go out as they were written.
//!
//! The transport turns every answer into a tree of JSON values before it writes it. For the 25,000
//! symbols of a large file that costs ten times what everything else does, and memory by the
//! hundred megabytes. So such an answer is written as text at once and kept here; what passes
//! through the transport is a small stand-in, which [`Output`] replaces on the way out.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use serde::Serialize;
use tokio::io::AsyncWrite;

/// By this a stand-in is known. No path, message or name holds it: it starts with a control character.
const MARK: &str = "\u{1}promolint-answer-";
/// The mark as JSON writes it.
const WRITTEN_MARK: &[u8] = b"\\u0001promolint-answer-";

/// Answers that wait for their stand-ins.
#[derive(Debug, Default)]
pub(crate) struct RawAnswers {
    inner: Mutex<(u64, HashMap<String, Written>)>,
}

/// An answer as it was written, in pieces of a size that memory has many places for.
#[derive(Debug, Default)]
pub(crate) struct Written {
    full: Vec<Vec<u8>>,
    open: Vec<u8>,
}

const PIECE: usize = 1 << 16;

impl Written {
    /// Writes an answer.
    pub(crate) fn new<T: Serialize>(answer: &T) -> Self {
        let mut text = Self::default();
        if serde_json::to_writer(&mut text, answer).is_err() {
            text = Self { full: Vec::new(), open: b"null".to_vec() };
        }
        text
    }

    fn len(&self) -> usize {
        self.full.iter().map(Vec::len).sum::<usize>() + self.open.len()
    }

    #[cold]
    fn start(&mut self, length: usize) {
        let full = std::mem::replace(&mut self.open, Vec::with_capacity(PIECE.max(length)));
        if !full.is_empty() {
            self.full.push(full);
        }
    }
}

/// The serializer writes a few bytes at a time, a million times.
impl io::Write for Written {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.open.capacity() - self.open.len() < bytes.len() {
            self.start(bytes.len());
        }
        self.open.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl RawAnswers {
    /// Keeps an answer until its stand-in goes out; the name stands in for it. To be called where the request is
    /// answered: a stand-in that never goes out, of a request that was taken back, leaves its answer here for good.
    pub(crate) fn keep(&self, answer: Written) -> String {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.0 += 1;
        let name = format!("{MARK}{}", inner.0);
        inner.1.insert(name.clone(), answer);
        name
    }

    /// How many answers wait.
    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).1.len()
    }

    fn take(&self, name: &str) -> Option<Written> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).1.remove(name)
    }

    /// The message with the answer in the place of its stand-in, in pieces; none if it holds none.
    fn complete(&self, message: &[u8]) -> Option<impl Iterator<Item = Vec<u8>>> {
        let at = memchr::memmem::find(message, WRITTEN_MARK)?;
        let name = &message[at + WRITTEN_MARK.len()..];
        let digits = name.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let name = format!("{MARK}{}", std::str::from_utf8(&name[..digits]).ok()?);
        let id = serde_json::from_slice::<serde_json::Value>(message).ok()?.get("id")?.clone();
        let answer = self.take(&name)?;
        let start = "{\"jsonrpc\":\"2.0\",\"result\":";
        let end = format!(",\"id\":{id}}}");
        let head = format!("Content-Length: {}\r\n\r\n{start}", start.len() + answer.len() + end.len());
        Some(std::iter::once(head.into_bytes()).chain(answer.full).chain([answer.open, end.into_bytes()]))
    }
}

/// Writes messages, stand-ins replaced.
pub(crate) struct Output<O> {
    inner: O,
    answers: Arc<RawAnswers>,
    /// The beginning of a message.
    incoming: Vec<u8>,
    /// Whole messages in pieces, and how much of the first piece was written.
    outgoing: VecDeque<Vec<u8>>,
    written: usize,
}

impl<O> Output<O> {
    pub(crate) fn new(inner: O, answers: Arc<RawAnswers>) -> Self {
        Self { inner, answers, incoming: Vec::new(), outgoing: VecDeque::new(), written: 0 }
    }

    /// Moves whole messages on.
    fn pass(&mut self) {
        while let Some((head, length)) = frame(&self.incoming) {
            if self.incoming.len() < head + length {
                return;
            }
            let message = &self.incoming[head..head + length];
            match self.answers.complete(message) {
                Some(pieces) => self.outgoing.extend(pieces),
                None => self.outgoing.push_back(self.incoming[..head + length].to_vec()),
            }
            self.incoming.drain(..head + length);
        }
    }
}

/// Lengths of the head and of the message behind it.
fn frame(bytes: &[u8]) -> Option<(usize, usize)> {
    let end = memchr::memmem::find(bytes, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length:"))?.trim().parse().ok()?;
    Some((end + 4, length))
}

impl<O: AsyncWrite + Unpin> Output<O> {
    fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(piece) = self.outgoing.front() {
            let count = ready!(Pin::new(&mut self.inner).poll_write(context, &piece[self.written..]))?;
            self.written += count;
            if self.written == piece.len() {
                self.outgoing.pop_front();
                self.written = 0;
            } else if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<O: AsyncWrite + Unpin> AsyncWrite for Output<O> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let output = self.get_mut();
        ready!(output.poll_drain(context))?;
        output.incoming.extend_from_slice(bytes);
        output.pass();
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let output = self.get_mut();
        ready!(output.poll_drain(context))?;
        Pin::new(&mut output.inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let output = self.get_mut();
        ready!(output.poll_drain(context))?;
        Pin::new(&mut output.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    fn framed(message: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{message}", message.len())
    }

    #[tokio::test]
    async fn stand_ins_are_replaced_and_nothing_else() {
        let answers = Arc::new(RawAnswers::default());
        let name = answers.keep(Written::new(&["a", "é"]));
        // A client may write ids of any length.
        let id = "x".repeat(5000);
        let stand_in = serde_json::json!({"jsonrpc": "2.0", "result": [{"name": name}], "id": format!("{id}\u{1}")}).to_string();
        let other = r#"{"jsonrpc":"2.0","method":"m","params":"promolint-answer-1"}"#;
        let sent = format!("{}{}{}", framed(other), framed(&stand_in), framed(other));
        let answer = format!("{{\"jsonrpc\":\"2.0\",\"result\":[\"a\",\"é\"],\"id\":\"{id}\\u0001\"}}");
        let expected = format!("{0}{1}{0}", framed(other), framed(&answer));
        let mut output = Output::new(Vec::new(), Arc::clone(&answers));
        for piece in sent.as_bytes().chunks(7) {
            output.write_all(piece).await.unwrap();
        }
        output.flush().await.unwrap();
        assert_eq!(String::from_utf8(output.inner).unwrap(), expected);
        assert_eq!(answers.count(), 0);
    }
}

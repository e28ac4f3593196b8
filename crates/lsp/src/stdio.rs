//! Standard input and output, each in a thread of its own: whatever is worked on, the client is heard and
//! what is answered goes out.
//!
//! Input is passed on message by message. One that is none (broken JSON, a batch) is dropped and told on
//! standard error: the transport would take it for the end of the input.

use std::io::{self, BufRead, Read, Write};
use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// So many bytes are on their way between a thread and the transport.
const BUFFER: usize = 1 << 16;
/// A client that does not read is not waited for.
const PATIENCE: Duration = Duration::from_millis(500);

/// What the client says. Must be called in a runtime.
pub(crate) fn input() -> DuplexStream {
    let (near, mut far) = duplex(BUFFER);
    let runtime = Handle::current();
    std::thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Ok(Some(body)) = message(&mut stdin) {
            if !is_message(&body) {
                tracing::error!("dropped what is no message: {}", String::from_utf8_lossy(&body[..body.len().min(80)]));
                continue;
            }
            let head = format!("Content-Length: {}\r\n\r\n", body.len());
            let write = async {
                far.write_all(head.as_bytes()).await?;
                far.write_all(&body).await
            };
            if runtime.block_on(write).is_err() {
                return;
            }
        }
    });
    near
}

/// Where answers go, and what comes when all of them are gone.
pub(crate) fn output() -> (DuplexStream, Written) {
    let (near, mut far) = duplex(BUFFER);
    let (done, written) = oneshot::channel();
    let runtime = Handle::current();
    std::thread::spawn(move || {
        let mut stdout = io::stdout().lock();
        let mut bytes = vec![0; BUFFER];
        while let Ok(count @ 1..) = runtime.block_on(far.read(&mut bytes)) {
            if stdout.write_all(&bytes[..count]).and_then(|()| stdout.flush()).is_err() {
                break;
            }
        }
        // Nobody may wait any more.
        let _ = done.send(());
    });
    (near, Written(written))
}

/// The end of the output.
pub(crate) struct Written(oneshot::Receiver<()>);

impl Written {
    /// Waits until everything is written, but not for a client that does not read.
    pub(crate) async fn wait(self) {
        let _ = tokio::time::timeout(PATIENCE, self.0).await;
    }
}

/// The next message without its head; none at the end.
fn message(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("Content-Length") => length = value.trim().parse().ok(),
            Some(_) => {}
            // A line of no head at all is passed over as well.
            None => {
                if let Some(length) = length.take() {
                    let mut body = Vec::new();
                    input.take(length).read_to_end(&mut body)?;
                    return Ok((body.len() as u64 == length).then_some(body));
                }
            }
        }
    }
}

/// Whether a body can be understood as a message.
fn is_message(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Shape {
        jsonrpc: Option<String>,
        id: Option<Id>,
        method: Option<String>,
        result: Option<IgnoredAny>,
        error: Option<IgnoredAny>,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(#[expect(dead_code, reason = "only its type matters")] i64),
        Text(#[expect(dead_code, reason = "only its type matters")] String),
    }
    serde_json::from_slice::<Shape>(body).is_ok_and(|shape| {
        let is_answer = shape.id.is_some() || shape.result.is_some() || shape.error.is_some();
        shape.jsonrpc.as_deref() == Some("2.0") && (shape.method.is_some() || is_answer)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_cut_from_the_input() {
        let input = "Content-Length: 2\r\n\r\n{}content-length:3\r\nContent-Type: x\r\n\r\n[1]\r\nContent-Length: 9\r\n\r\n{}";
        let mut input = input.as_bytes();
        let mut next = || message(&mut input).unwrap().map(|body| String::from_utf8(body).unwrap());
        assert_eq!((next().as_deref(), next().as_deref(), next()), (Some("{}"), Some("[1]"), None));
    }

    #[test]
    fn what_is_no_message_is_known() {
        for (body, expected) in [
            (r#"{"jsonrpc":"2.0","id":1,"method":"x","params":[1,{}]}"#, true),
            (r#"{"jsonrpc":"2.0","method":"x"}"#, true),
            (r#"{"jsonrpc":"2.0","id":"a","result":null}"#, true),
            (r#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m"}}"#, true),
            (r#"{"foo":1}"#, false),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, false),
            (r#"[{"jsonrpc":"2.0","method":"x"}]"#, false),
            ("{", false),
            ("\u{fffd}", false),
        ] {
            assert_eq!(is_message(body.as_bytes()), expected, "{body}");
        }
        assert!(!is_message(b"{\"jsonrpc\":\"2.0\",\"method\":\"\xff\"}"));
    }
}

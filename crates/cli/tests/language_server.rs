//! The language server as an editor starts it: a process that is spoken to over standard input and output.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

struct Server {
    process: Child,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_promolint"));
        command.arg("lsp").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, output }
    }

    fn send(&mut self, body: &str) {
        let input = self.process.stdin.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        input.flush().unwrap();
    }

    fn receive(&mut self) -> serde_json::Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server hung up");
            if let Some(value) = line.trim().strip_prefix("Content-Length: ") {
                length = value.parse().unwrap();
            } else if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    fn answer(&mut self, id: i64) -> serde_json::Value {
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
        }
    }

    fn hello(&mut self) {
        self.send(r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#);
        assert_eq!(self.answer(1)["result"]["serverInfo"]["name"], "promolint");
        self.send(r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#);
    }
}

#[test]
fn a_whole_session() {
    for arguments in [&[][..], &["--stdio"], &["--stdio", "--stdio"]] {
        let mut server = Server::start(arguments);
        server.hello();
        let tree = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/sample").canonicalize().unwrap();
        let path = tree.join("registry.k8s.io/images/k8s-staging-widget/images.yaml");
        let text = std::fs::read_to_string(&path).unwrap();
        let document = serde_json::json!({"uri": format!("file://{}", path.display()), "languageId": "yaml", "version": 3, "text": text});
        let open = serde_json::json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}});
        server.send(&open.to_string());
        let pushed = loop {
            let message = server.receive();
            if message["method"] == "textDocument/publishDiagnostics" {
                break message;
            }
        };
        assert_eq!(pushed["params"]["version"], 3);
        // As many as the command line finds in the same file.
        let check = Command::new(env!("CARGO_BIN_EXE_promolint")).args(["check", "--format", "json"]).arg(&path).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&check.stdout).unwrap();
        let rules = |findings: &serde_json::Value, key: &str| {
            findings.as_array().unwrap().iter().map(|found| found[key].clone()).collect::<Vec<_>>()
        };
        assert_eq!(rules(&pushed["params"]["diagnostics"], "code"), rules(&report["diagnostics"], "rule"));
        server.send(r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#);
        assert!(server.answer(2)["result"].is_null());
        // Nothing but `exit` is in order now.
        server.send(r#"{"jsonrpc":"2.0","id":3,"method":"textDocument/hover","params":{}}"#);
        assert_eq!(server.answer(3)["error"]["code"], -32600);
        server.send(r#"{"jsonrpc":"2.0","method":"exit"}"#);
        assert_eq!(server.process.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn leaving_without_goodbye_is_told_by_the_exit_code() {
    let mut server = Server::start(&["--stdio"]);
    server.hello();
    server.send(r#"{"jsonrpc":"2.0","method":"exit"}"#);
    assert_eq!(server.process.wait().unwrap().code(), Some(1));
    let mut server = Server::start(&["--stdio"]);
    server.hello();
    drop(server.process.stdin.take());
    assert_eq!(server.process.wait().unwrap().code(), Some(1));
}

/// A client that never answers the server's own requests gets rid of it all the same.
#[test]
fn nothing_is_waited_for_at_the_end() {
    let hello = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{"workspace":{"configuration":true,"didChangeWatchedFiles":{"dynamicRegistration":true}}}}}"#;
    for (says_exit, code) in [(true, 0), (false, 1)] {
        let mut server = Server::start(&[]);
        server.send(hello);
        server.answer(1);
        server.send(r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#);
        // The request that stays without an answer.
        while server.receive().get("id").is_none() {}
        if says_exit {
            server.send(r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#);
            server.answer(2);
            server.send(r#"{"jsonrpc":"2.0","method":"exit"}"#);
        }
        drop(server.process.stdin.take());
        assert_eq!(server.process.wait().unwrap().code(), Some(code));
    }
}

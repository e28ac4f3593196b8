//! A client of the server, in the same process, and a tree to speak of.

#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, WriteHalf};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_mins(1);

/// The directory of this repository's own test data.
pub(crate) fn testdata(tree: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(tree)
}

/// A copy of a tree that may be changed.
pub(crate) fn copy_of(tree: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_into(&testdata(tree), copy.path());
    std::fs::create_dir(copy.path().join(".git")).unwrap();
    copy
}

fn copy_into(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap().path();
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy_into(&entry, &target);
        } else {
            std::fs::copy(&entry, &target).unwrap();
        }
    }
}

/// The name of a file for the protocol.
pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// What a usual editor says of itself.
pub(crate) fn capabilities() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-16"]},
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}},
            "completion": {"completionItem": {"snippetSupport": true}}
        },
        "workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"], "changeAnnotationSupport": {}}}
    })
}

/// A client.
pub(crate) struct Editor {
    writer: WriteHalf<DuplexStream>,
    inbox: UnboundedReceiver<Value>,
    /// What the server told and nobody has looked at yet.
    told: Vec<Value>,
    answers: HashMap<i64, Value>,
    number: i64,
    server: JoinHandle<bool>,
}

impl Editor {
    /// Starts a server and says hello.
    pub(crate) async fn start(folder: &Path, capabilities: Value, options: Value) -> (Self, Value) {
        let (near, far) = tokio::io::duplex(1 << 16);
        let (input, output) = tokio::io::split(far);
        let server = tokio::spawn(promolint_lsp::serve(input, output));
        let (reader, writer) = tokio::io::split(near);
        let (sender, inbox) = unbounded_channel();
        tokio::spawn(async move {
            let mut reader = BufReader::new(reader);
            loop {
                let mut length = 0;
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line).await.unwrap_or(0) == 0 {
                        return;
                    }
                    match line.trim().split_once(": ") {
                        Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
                        None if line.trim().is_empty() => break,
                        _ => {}
                    }
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).await.unwrap();
                if sender.send(serde_json::from_slice(&body).unwrap()).is_err() {
                    return;
                }
            }
        });
        let mut editor = Self { writer, inbox, told: Vec::new(), answers: HashMap::new(), number: 0, server };
        let hello = editor
            .request(
                "initialize",
                json!({"processId": null, "rootUri": uri(folder), "capabilities": capabilities, "initializationOptions": options,
                       "workspaceFolders": [{"uri": uri(folder), "name": "tree"}]}),
            )
            .await;
        editor.notify("initialized", json!({})).await;
        (editor, hello)
    }

    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let head = format!("Content-Length: {}\r\n\r\n", body.len());
        self.writer.write_all(head.as_bytes()).await.unwrap();
        self.writer.write_all(body.as_bytes()).await.unwrap();
    }

    pub(crate) async fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
    }

    /// Sends a request and does not wait.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.number += 1;
        let number = self.number;
        self.send(json!({"jsonrpc": "2.0", "id": number, "method": method, "params": params})).await;
        number
    }

    /// Takes one message from the server; questions are answered with null.
    async fn receive(&mut self, patience: Duration) -> bool {
        let Ok(Some(message)) = timeout(patience, self.inbox.recv()).await else { return false };
        match (message.get("id").cloned(), message.get("method").is_some()) {
            (Some(id), true) => {
                self.send(json!({"jsonrpc": "2.0", "id": id, "result": null})).await;
                self.told.push(message);
            }
            (Some(id), false) => {
                if let Some(id) = id.as_i64() {
                    assert!(self.answers.insert(id, message).is_none(), "request {id} was answered twice");
                }
            }
            _ => self.told.push(message),
        }
        true
    }

    /// The whole answer to a request.
    pub(crate) async fn answer(&mut self, number: i64) -> Value {
        loop {
            if let Some(answer) = self.answers.remove(&number) {
                return answer;
            }
            assert!(self.receive(PATIENCE).await, "request {number} was not answered");
        }
    }

    /// The result of a request.
    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Value {
        let number = self.ask(method, params).await;
        let answer = self.answer(number).await;
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    pub(crate) async fn open(&mut self, path: &Path, text: &str) -> String {
        let uri = uri(path);
        self.notify("textDocument/didOpen", json!({"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}})).await;
        uri
    }

    /// Opens a file as it is on disk.
    pub(crate) async fn open_file(&mut self, path: &Path) -> String {
        let text = std::fs::read_to_string(path).unwrap();
        self.open(path, &text).await
    }

    /// Replaces the whole text.
    pub(crate) async fn replace(&mut self, uri: &str, version: i32, text: &str) {
        let changes = json!([{"text": text}]);
        self.notify("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes})).await;
    }

    /// The findings that are pushed for a version; those of others are passed over.
    pub(crate) async fn published(&mut self, uri: &str, version: impl Into<Option<i32>>) -> Vec<Value> {
        let version: Value = version.into().map_or(Value::Null, |version: i32| json!(version));
        loop {
            let is_wanted = |message: &Value| {
                let params = &message["params"];
                message["method"] == "textDocument/publishDiagnostics"
                    && params["uri"] == uri
                    && params.get("version").unwrap_or(&Value::Null) == &version
            };
            if let Some(at) = self.told.iter().position(is_wanted) {
                let message = self.told.remove(at);
                return message["params"]["diagnostics"].as_array().unwrap().clone();
            }
            assert!(self.receive(PATIENCE).await, "no findings of {uri} at version {version}");
        }
    }

    /// The next message of this method.
    pub(crate) async fn told(&mut self, method: &str) -> Value {
        loop {
            if let Some(at) = self.told.iter().position(|message| message["method"] == method) {
                return self.told.remove(at);
            }
            assert!(self.receive(PATIENCE).await, "nothing of {method}");
        }
    }

    /// Everything the server tells within a time.
    pub(crate) async fn listen(&mut self, time: Duration) -> Vec<Value> {
        while self.receive(time).await {}
        std::mem::take(&mut self.told)
    }

    /// Pulled findings.
    pub(crate) async fn pull(&mut self, uri: &str) -> Vec<Value> {
        let report = self.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}})).await;
        report["items"].as_array().unwrap().clone()
    }

    /// Says goodbye; whether the server took it for one.
    pub(crate) async fn stop(mut self) -> bool {
        self.request("shutdown", Value::Null).await;
        self.notify("exit", Value::Null).await;
        timeout(PATIENCE, self.server).await.unwrap().unwrap()
    }

    /// Leaves without a word.
    pub(crate) async fn hang_up(mut self) -> bool {
        self.writer.shutdown().await.unwrap();
        drop(self.inbox);
        timeout(PATIENCE, self.server).await.unwrap().unwrap()
    }
}

/// The rules of findings, in their order.
pub(crate) fn rules(findings: &[Value]) -> Vec<&str> {
    findings.iter().filter_map(|finding| finding["code"].as_str()).collect()
}

//! The log on standard error, whose level the client may change.

use std::sync::OnceLock;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Registry, fmt, reload};

use crate::session::settings::Trace;

static LEVEL: OnceLock<reload::Handle<LevelFilter, Registry>> = OnceLock::new();

/// Begins to write warnings to standard error; standard output belongs to the protocol.
pub(crate) fn start() {
    let (level, handle) = reload::Layer::new(LevelFilter::WARN);
    let started = tracing_subscriber::registry().with(level).with(fmt::layer().with_writer(std::io::stderr).with_ansi(false)).try_init();
    if started.is_ok() {
        let _ = LEVEL.set(handle);
    }
}

/// Writes as much as the client wants.
pub(crate) fn set_level(trace: Trace) {
    let level = match trace {
        Trace::Off => LevelFilter::WARN,
        Trace::Messages => LevelFilter::INFO,
        Trace::Verbose => LevelFilter::DEBUG,
    };
    if let Some(handle) = LEVEL.get() {
        let _ = handle.modify(|filter| *filter = level);
    }
}

#!/usr/bin/env bash
# Puts promolint on the path of a GitHub Actions job: a released binary whose checksum is right, or one built from
# the action's own source. Called by action.yml.
set -euo pipefail

releases=https://github.com/promolint/promolint/releases/download
bin="$RUNNER_TEMP/promolint-bin"
mkdir -p "$bin"

fail() {
  echo "::error title=promolint::$1"
  exit 1
}

# The release's name for this machine; empty where none is made.
target() {
  case "$RUNNER_OS-$RUNNER_ARCH" in
    Linux-X64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64) echo aarch64-unknown-linux-musl ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
  esac
}

digest() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

# download VERSION TARGET: false if there is no such release; a wrong checksum ends the job.
download() {
  local archive="promolint-$2.tar.gz"
  local from="$releases/$1/$archive"
  curl --fail --silent --show-error --location --retry 3 --output "$RUNNER_TEMP/$archive" "$from" || return 1
  curl --fail --silent --show-error --location --retry 3 --output "$RUNNER_TEMP/$archive.sha256" "$from.sha256" || return 1
  local expected found
  expected=$(cut -d' ' -f1 "$RUNNER_TEMP/$archive.sha256")
  found=$(digest "$RUNNER_TEMP/$archive")
  [ "$found" = "$expected" ] || fail "$archive of $1 has the checksum $found instead of $expected; it was not run"
  tar -xzf "$RUNNER_TEMP/$archive" -C "$bin" promolint
}

build() {
  command -v cargo >/dev/null || fail "there is no Rust to build promolint with; name a release in the input \`version\`"
  echo "building promolint from source"
  cargo install --quiet --locked --path "$GITHUB_ACTION_PATH/crates/cli" --root "$RUNNER_TEMP/promolint-source" \
    --target-dir "$RUNNER_TEMP/promolint-target"
  cp "$RUNNER_TEMP/promolint-source/bin/promolint"* "$bin/"
}

target=$(target)
version=$INPUT_VERSION
if [ "$version" = source ]; then
  build
elif [ -n "$version" ]; then
  [[ "$version" =~ ^v[0-9A-Za-z.+-]+$ ]] || fail "\`version\` is neither a release, as v0.1.0, nor \`source\`"
  [ -n "$target" ] || fail "no release is made for $RUNNER_OS on $RUNNER_ARCH; set \`version\` to \`source\`"
  download "$version" "$target" || fail "promolint $version could not be downloaded for $target"
elif [[ "${ACTION_REF:-}" =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] && [ -n "$target" ] && download "$ACTION_REF" "$target"; then
  :
else
  build
fi

"$bin/promolint" --version
echo "$bin" >>"$GITHUB_PATH"

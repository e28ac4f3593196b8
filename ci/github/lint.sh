#!/usr/bin/env bash
# Lints in a GitHub Actions job: annotations on standard output, a job summary, a SARIF file, counts as outputs.
# Called by action.yml, which gives the inputs as variables so that nothing in them is run.
set -euo pipefail

reports=$(mktemp -d "$RUNNER_TEMP/promolint-XXXXXX")
arguments=(check --format github
  --output "sarif=$reports/promolint.sarif" --output "markdown=$reports/summary.md" --output "json=$reports/report.json")

if [ -n "$INPUT_SINCE" ]; then arguments+=("--since=$INPUT_SINCE"); fi
if [ -n "$INPUT_BASELINE" ]; then arguments+=("--baseline=$INPUT_BASELINE"); fi
if [ -n "$INPUT_FAIL_ON" ]; then arguments+=("--fail-on=$INPUT_FAIL_ON"); fi

# One argument a line, without a shell's expansions.
while IFS= read -r line; do
  if [ -n "$line" ]; then arguments+=("$line"); fi
done <<<"$INPUT_ARGS"
arguments+=(--)
while IFS= read -r line; do
  if [ -n "$line" ]; then arguments+=("$line"); fi
done <<<"$INPUT_PATHS"

status=0
promolint "${arguments[@]}" || status=$?

# count NAME: a number of the report's summary, which alone stands at this depth.
count() {
  sed -n "s/^    \"$1\": \([0-9][0-9]*\),\$/\1/p" "$reports/report.json"
}

# Missing after wrong usage or configuration, which the log tells of.
if [ -s "$reports/report.json" ]; then
  errors=$(count error)
  {
    echo "findings=$((errors + $(count warning) + $(count info) + $(count hint)))"
    echo "errors=$errors"
    echo "sarif=$reports/promolint.sarif"
  } >>"$GITHUB_OUTPUT"
  # Appended, as GitHub asks; a report of promolint replaces its file.
  cat "$reports/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
exit "$status"

#!/usr/bin/env bash

# Lints the promotion manifests of this repository. Copy it to hack/verify-promolint.sh.
#
# It runs $PROMOLINT, or the promolint on the path, or builds $PROMOLINT_VERSION with cargo below _output/.

set -o errexit
set -o nounset
set -o pipefail

readonly PROMOLINT_REPOSITORY="${PROMOLINT_REPOSITORY:-https://github.com/promolint/promolint}"
# A tag of it.
readonly PROMOLINT_VERSION="${PROMOLINT_VERSION:-v0.1.0}"

usage() {
  cat <<EOF
Usage: hack/verify-promolint.sh [ARGUMENT]...

Lints the promotion manifests of this repository. ARGUMENTs go to \`promolint check\`:
  hack/verify-promolint.sh                      the whole tree
  hack/verify-promolint.sh --since origin/main  what a branch changes

Environment:
  PROMOLINT             the program to run; otherwise the one on the path, or one that is built
  PROMOLINT_VERSION     the release to build (${PROMOLINT_VERSION})
  PROMOLINT_REPOSITORY  where it is built from (${PROMOLINT_REPOSITORY})
EOF
}

# Prints the path of the program.
find_or_build() {
  if [[ -n "${PROMOLINT:-}" ]]; then
    command -v "${PROMOLINT}" || { echo "PROMOLINT=${PROMOLINT} cannot be run" >&2; return 1; }
    return
  fi
  if command -v promolint; then
    return
  fi
  local -r root="${REPO_ROOT}/_output/promolint-${PROMOLINT_VERSION}"
  if [[ ! -x "${root}/bin/promolint" ]]; then
    if ! command -v cargo >/dev/null; then
      echo "there is neither promolint nor cargo to build it with: https://github.com/promolint/promolint#try-it" >&2
      return 1
    fi
    echo "building promolint ${PROMOLINT_VERSION}" >&2
    cargo install --quiet --locked --git "${PROMOLINT_REPOSITORY}" --tag "${PROMOLINT_VERSION}" --root "${root}" promolint >&2
  fi
  echo "${root}/bin/promolint"
}

if [[ "${1:-}" == "-h" || "${1:-}" == "--help" ]]; then
  usage
  exit 0
fi

REPO_ROOT="$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)"
readonly REPO_ROOT
cd "${REPO_ROOT}"

promolint="$(find_or_build)"
readonly promolint
exec "${promolint}" check "$@"

# syntax=docker/dockerfile:1
# promolint as a container of one static file, or with git beside it for jobs that compare with a base.
#
#   docker build --tag promolint .                     # whole trees; nothing else inside
#   docker build --tag promolint:git --target git .    # `check --since`, and pull requests in CI
#
# A binary that was built before is packed with `--build-context build=DIRECTORY`, which holds it as `promolint`.

ARG RUST=1.95
ARG ALPINE=3.22

FROM docker.io/library/rust:${RUST}-alpine AS build
WORKDIR /source
COPY . .
# Rust's binaries for musl, which Alpine uses, are static.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --release --locked --package promolint \
    && cp target/release/promolint /promolint

FROM docker.io/library/alpine:${ALPINE} AS git
# The checkout belongs to whoever cloned it, seldom to the user below; without this, git does not read it.
# Alpine keeps the newest package only: a pinned one could not be had for long.
# hadolint ignore=DL3018
RUN apk add --no-cache git && git config --system --add safe.directory '*'
COPY --from=build /promolint /promolint
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/promolint"]
CMD ["check"]
LABEL org.opencontainers.image.title="promolint with git" \
      org.opencontainers.image.description="Linter for Kubernetes artifact promotion manifests" \
      org.opencontainers.image.source="https://github.com/promolint/promolint" \
      org.opencontainers.image.licenses="Apache-2.0"

FROM scratch
COPY --from=build /promolint /promolint
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/promolint"]
CMD ["check"]
LABEL org.opencontainers.image.title="promolint" \
      org.opencontainers.image.description="Linter for Kubernetes artifact promotion manifests" \
      org.opencontainers.image.source="https://github.com/promolint/promolint" \
      org.opencontainers.image.licenses="Apache-2.0"

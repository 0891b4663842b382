# Builds the program from source and puts it alone into a small image.
FROM rust:1.95-slim-bookworm AS build
# SQLite, the TLS library and the allocator are compiled from C.
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM debian:bookworm-slim
# Certificates for the vendors' addresses; curl for the health check.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin alcove \
 && install -d -o alcove -g alcove -m 700 /data
COPY --from=build /src/target/release/alcove /usr/local/bin/alcove
USER 10001
WORKDIR /data
VOLUME /data
ENV HOST=0.0.0.0 \
    PORT=8000 \
    DATABASE_URL=sqlite:///data/alcove.db
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD curl --fail --silent --show-error "http://127.0.0.1:${PORT}/health" || exit 1
# SIGTERM lets running replies store what they have; that takes up to ten seconds.
STOPSIGNAL SIGTERM
CMD ["alcove"]

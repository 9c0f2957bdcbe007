# Builds the wheel, then installs it with its locked dependencies into a small image that runs as nobody in particular.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/returnwatch \
 && /opt/returnwatch/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
 && pip install --no-cache-dir build \
 && python -m build --wheel --outdir /dist . \
 && /opt/returnwatch/bin/pip install --no-cache-dir --no-deps /dist/*.whl

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/returnwatch --create-home returnwatch
COPY --from=build /opt/returnwatch /opt/returnwatch
ENV PATH=/opt/returnwatch/bin:$PATH PYTHONUNBUFFERED=1
USER returnwatch
WORKDIR /var/lib/returnwatch
VOLUME /var/lib/returnwatch
STOPSIGNAL SIGTERM
ENTRYPOINT ["returnwatch"]
CMD ["serve"]

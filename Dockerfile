# The image of oai-ingest: one for all its processes; what a container does is its command.
#
# The base is an argument, so that it can be pinned by digest or taken from another registry without an edit here:
#   docker build --build-arg PYTHON_IMAGE=python:3.13-slim-trixie@sha256:… .
# Both stages need the same one: the environment made in the first names its interpreter by its path.
ARG PYTHON_IMAGE=python:3.13-slim-trixie

FROM ${PYTHON_IMAGE} AS build
WORKDIR /build
ENV PIP_CACHE_DIR=/var/cache/pip PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# The build backend and what it needs are cut out of the lock that holds them, so that they too are checked by their
# hashes. Should the backend come to need more, pip refuses, and the name is added here.
COPY requirements/dev.txt requirements/
RUN --mount=type=cache,target=/var/cache/pip \
    awk '/^[a-z]/ { wanted = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/ } wanted' \
        requirements/dev.txt > requirements/backend.txt \
    && python3 -m venv /opt/tools \
    && /opt/tools/bin/pip install --require-hashes -r requirements/backend.txt
# The packages change less often than the sources: in a layer of their own they are installed once.
# The environment has no pip of its own: nothing is ever installed into a running container.
COPY requirements/dashboard.txt requirements/
RUN --mount=type=cache,target=/var/cache/pip \
    python3 -m venv --without-pip /opt/oai-ingest \
    && /opt/tools/bin/pip --python /opt/oai-ingest/bin/python install --require-hashes -r requirements/dashboard.txt
COPY pyproject.toml README.md LICENSE ./
COPY ingest ingest
COPY migrations migrations
COPY workers workers
RUN /opt/tools/bin/hatchling build --target wheel --directory dist \
    && /opt/tools/bin/pip --python /opt/oai-ingest/bin/python install --no-deps --no-index dist/*.whl

FROM ${PYTHON_IMAGE}
# Without a home and a shell. A number, not a name, in USER: only so can an orchestrator see that it is not root.
RUN groupadd --gid 10001 oai-ingest \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin oai-ingest
COPY --from=build /opt/oai-ingest /opt/oai-ingest
# No bytecode is written: it was compiled above, and the file system is meant to be mounted read-only.
# Lines are not held back in a buffer: the log of a container that is killed would lose its last and best ones.
ENV PATH=/opt/oai-ingest/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OAI_INGEST_CONFIG=/etc/oai-ingest
USER 10001:10001
# No HEALTHCHECK here: a worker, a beat and a dashboard are well in different ways. docker-compose.yml has one for each.
ENTRYPOINT ["oai-ingest"]
CMD ["--help"]

# Newsdesk in a container: CPU, no root, nothing written but /library and /tmp.
#     docker build -t newsdesk . && docker run --rm -p 127.0.0.1:7860:7860 -v newsdesk:/library newsdesk
FROM python:3.12-slim-bookworm AS build
WORKDIR /opt/newsdesk
COPY . .
# Sets up as on any machine, with the locked versions, and makes the int8 copy of the embedding model. What only that copy
# was made with, and what no container runs, is left out of the image.
ENV NEWSDESK_CACHE=/opt/newsdesk/cache
RUN python3 .ci/bootstrap.py --torch cpu --extras postgresql \
    && .venv/bin/python -m pip install --no-cache-dir --quiet uv==0.9.* \
    && .venv/bin/uv pip uninstall --quiet torch transformers sentence-transformers scikit-learn scipy sympy networkx uv \
    && rm -rf .ci tests docs examples .venv/newsdesk-setup.json \
    && find .venv -name __pycache__ -type d -prune -exec rm -rf {} +

FROM python:3.12-slim-bookworm
LABEL org.opencontainers.image.title="Newsdesk" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 newsdesk \
    && useradd --system --uid 10001 --gid newsdesk --home-dir /tmp --shell /usr/sbin/nologin newsdesk \
    && install --directory --owner newsdesk --group newsdesk /library
COPY --from=build /opt/newsdesk /opt/newsdesk
WORKDIR /opt/newsdesk
ENV PATH=/opt/newsdesk/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GRADIO_TEMP_DIR=/tmp/gradio \
    HF_HUB_OFFLINE=1 \
    NEWSDESK_CACHE=/opt/newsdesk/cache \
    NEWSDESK_LIBRARY=/library/news
USER 10001:10001
VOLUME /library
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/readyz', timeout=4)"]
ENTRYPOINT ["newsdesk"]
CMD ["serve", "--host", "0.0.0.0", "--port", "7860"]

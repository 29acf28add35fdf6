# Stage 1: an environment with everything the dashboard needs, the embedded model included.
FROM python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d AS build
# The CPU build of torch keeps the image small; for CUDA give --build-arg TORCH_INDEX=https://pypi.org/simple
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /src
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.txt ./
RUN pip install --no-cache-dir --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.txt)" \
    && pip install --no-cache-dir -r requirements.txt
COPY pyproject.toml README.md LICENSE app.py ./
COPY .streamlit .streamlit
COPY assets assets
COPY docs/models.md docs/models.md
COPY pages pages
COPY xsb_core xsb_core
RUN pip install --no-cache-dir --no-deps .

# Stage 2: the environment, run by an ordinary user.
FROM python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d
RUN useradd --create-home --uid 1000 xsb \
    && install -d -o xsb -g xsb -m 700 /runs
COPY --from=build /opt/venv /opt/venv
WORKDIR /home/xsb
USER 1000:1000
# For strangers unless told otherwise; docs/server.md says what that means.
ENV PATH=/opt/venv/bin:$PATH \
    HF_HOME=/home/xsb/.cache/huggingface \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XSB_PUBLIC=1 \
    XSB_RUNS=/runs
VOLUME /runs
EXPOSE 8501
# Healthy once the model is loaded: 503 before.
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://localhost:8501/ready', timeout=4)"]
CMD ["xsb", "app", "--address=0.0.0.0", "--port=8501", "--no-browser"]
